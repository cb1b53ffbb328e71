import anyTest, { type TestFn } from 'ava';
import { errorText } from '../../../lib/errors.js';
import { createSeededRandom, type Random } from '../../../lib/random.js';
import type { Changeset, Edit } from '../../../model/changeset.js';
import type { Plan, PlanAction } from '../../../model/plan.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

const SEEDS = [1, 2, 3, 4];
const CHANGESETS = 60;

for (const seed of SEEDS) {
  test(`what a commit writes is what its plan said, over random changesets of seed ${seed}`, async (t) => {
    t.timeout(120_000);
    const plane = await createTestPlane();
    t.teardown(() => plane.drop());
    const random = createSeededRandom(seed);
    await plane.store.commit(makeChangeset(beginning), plane.operator);
    const outcomes = { written: 0, refused: 0, impossible: 0 };
    for (let round = 0; round < CHANGESETS; round += 1) {
      const changeset = randomChangeset(random);
      const about = `round ${round}: ${JSON.stringify(changeset.edits)}`;
      const plan = await plane.store.plan(changeset, plane.operator).catch((error: unknown) => errorText(error));
      const committed = await plane.store
        .commit(typeof plan === 'string' ? changeset : { ...changeset, plan }, plane.operator)
        .catch((error: unknown) => errorText(error));
      if (typeof plan === 'string') {
        outcomes.impossible += 1;
        // A commit ends at the first thing that it refuses, where a plan goes on to this one.
        t.is(typeof committed, 'string', about);
      } else if (plan.refusals.length > 0) {
        outcomes.refused += 1;
        t.is(committed as unknown, plan.refusals[0]?.message, about);
      } else {
        outcomes.written += 1;
        t.not(typeof committed, 'string', `${about}: ${committed}`);
        if (typeof committed !== 'string')
          t.deepEqual(await written(plane, committed.changesetId), planned(plan), about);
      }
      if (typeof committed !== 'string' && changeset.edits.every(({ op }) => op === 'apply' || op === 'deploy')) {
        const again = await plane.store.plan(changeset, plane.operator);
        t.deepEqual(planned(again), [], `again, ${about}`);
      }
      if (random.below(3) === 0) await finalizeAll(plane);
    }
    t.log(outcomes);
    t.true(outcomes.written > CHANGESETS / 4 && outcomes.refused > 0 && outcomes.impossible > 0);
  });
}

/** Most of what random edits name. */
const beginning: readonly Edit[] = [0, 1, 2].flatMap((index) => [
  makeEdit.tier(`tier-${index}`),
  makeEdit.runtime(`runtime-${index}`, { spec: { provider: 'sandbox', default: index === 0 } }),
  makeEdit.app(`app-${index}`),
  makeEdit.environment(`env-${index}`),
  edit('DatabaseDefinition', `def-${index}`, { defaults: { engine: 'postgres' } }),
]);

function edit(kind: string, name: string, spec: NonNullable<Edit['spec']>): Edit {
  return { op: 'apply', kind, project: null, environment: null, name, spec };
}

/** `action Kind name`, and the id of what was there. */
const planned = ({ steps }: Plan) =>
  steps
    .filter(({ action }) => action !== 'none')
    .map(
      ({ action, kind, name, resourceId }) =>
        `${action === 'replace' ? 'update' : action} ${kind} ${name} ${resourceId}`,
    )
    .toSorted();

async function written(plane: TestPlane, changesetId: string): Promise<readonly string[]> {
  const rows = await plane.rows<{ op: string; kind: string; name: string; resource_id: string }>(
    'select op, kind, name, resource_id from revision where changeset_id = $1',
    [changesetId],
  );
  const actions: Readonly<Record<string, PlanAction>> = { created: 'create', updated: 'update' };
  return rows
    .map(
      ({ op, kind, name, resource_id: id }) =>
        `${actions[op] ?? 'delete'} ${kind} ${name} ${op === 'created' ? null : id}`,
    )
    .toSorted();
}

/** Few names, so that edits meet what is there, what is not, and each other. */
function randomChangeset(random: Random): Changeset {
  const one = <Item>(...items: readonly Item[]): Item => items[random.below(items.length)] as Item;
  const name = (kind: string) => `${kind}-${random.below(3)}`;
  const op = () =>
    one<Edit['op']>('apply', 'apply', 'apply', 'apply', 'apply', 'apply', 'apply', 'apply', 'update', 'create');
  const object = () => configMap(`map-${random.below(2)}`, { text: one('a', 'b') });
  const builders: readonly (() => Edit)[] = [
    () => makeEdit.tier(name('tier'), { op: op(), spec: { order: random.below(3) } }),
    () =>
      makeEdit.environment(name('env'), {
        op: op(),
        spec: { ...one({}, { tier: name('tier') }), ...one({}, { runtime: name('runtime') }) },
        ...one({}, { labels: { team: one('a', 'b') } }),
      }),
    () => makeEdit.runtime(name('runtime'), { op: op(), spec: { provider: 'sandbox', ...one({}, { default: true }) } }),
    () =>
      makeEdit.app(name('app'), {
        op: op(),
        spec: {
          components: Array.from({ length: 1 + random.below(3) }, (_, index) => ({
            name: `part-${index}`,
            type: 'manifests',
            objects: [object()],
          })),
          dependencies: one(
            [],
            [{ name: 'db', kind: 'Database', definition: name('def'), spec: one({}, { storageGb: 60 }) }],
            [{ name: 'gate', kind: 'Gateway', spec: { routes: [{ service: 'web', port: 80 }] } }],
          ),
        },
      }),
    () =>
      edit('DatabaseDefinition', name('def'), {
        defaults: { engine: one('postgres', 'mysql'), storageGb: 20 + random.below(3) },
        ...one({}, { guardrails: { maxima: [{ path: 'storageGb', maximum: 50 }] } }),
        ...one({}, { changes: 'approval' }),
      }),
    () => ({
      ...edit('Database', name('db'), {
        ...one({}, { definition: name('def') }),
        ...one({}, { storageGb: one(40, 60) }),
      }),
      environment: name('env'),
    }),
    () =>
      makeEdit.instance(name('app'), name('env'), {
        op: one('deploy', 'deploy', 'deploy', 'apply', 'create'),
        ...one({}, { labels: { team: 'c' } }),
      }),
    () =>
      makeEdit.instance(name('app'), name('env'), {
        op: 'deploy',
        spec: { app: name('app'), ...one({}, { runtime: name('runtime') }) },
      }),
  ];
  const edits = new Map<string, Edit>();
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const made = one(...builders)();
    const edit = random.below(7) === 0 ? makeEdit.delete(made) : made;
    edits.set([edit.kind, edit.environment, edit.name].join(' '), edit);
  }
  return makeChangeset([...edits.values()], { manager: one('file', 'file', 'ci'), takeOver: one(true, true, false) });
}

/** What controllers do about deletions: those that nothing depends on any more are gone. */
async function finalizeAll(plane: TestPlane): Promise<void> {
  for (;;) {
    const free = await plane.rows<{ id: string; generation: number; lease_key: string }>(
      `select r.id, r.generation, r.lease_key from resource r
       where r.deletion_requested_at is not null and r.lease_key is not null
         and not exists (select from resource c where c.owner_id = r.id)
         and not exists (select from reference f where f.to_id = r.id)`,
    );
    if (free.length === 0) return;
    for (const { id, generation, lease_key: key } of free) {
      await plane.store.finalize({ resourceId: id, fence: await plane.lease(key), generation }, plane.controller);
    }
  }
}
