import anyTest, { type TestFn } from 'ava';
import { BadInputError, BlockedError, ConflictError, NotFoundError, PortolanError } from '../../../lib/errors.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

/** An app in an environment on a runtime, all called `name`. */
async function deploy({ store, operator }: TestPlane, name: string) {
  const edits = [
    makeEdit.runtime(name),
    makeEdit.app(name),
    makeEdit.environment(name, { spec: { runtime: name } }),
    makeEdit.instance(name, name),
  ] as const;
  const committed = await store.commit(makeChangeset(edits), operator);
  const [runtime = '', app = '', environment = '', instance = ''] = committed.edits.map((edit) => edit.resourceId);
  return { edits, ids: { runtime, app, environment, instance } };
}

test('what is protected is not deleted, with whatever else it would go, until it says so no more', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const environment = makeEdit.environment('protected', { spec: { runtime: 'protected' } });
  const spec = { engine: 'postgres', deletionProtection: true };
  const database = {
    op: 'create' as const,
    kind: 'Database',
    name: 'protected',
    project: null,
    environment: 'protected',
    spec,
  };
  await store.commit(makeChangeset([makeEdit.runtime('protected'), environment, database]), operator);
  const remove = () => store.commit(makeChangeset([makeEdit.delete(database), makeEdit.delete(environment)]), operator);
  await t.throwsAsync(remove(), {
    instanceOf: BlockedError,
    message: 'Database protected cannot be deleted while deletionProtection is true. Set it to false first.',
  });
  const open = { ...database, op: 'update' as const, spec: { ...spec, deletionProtection: false } };
  await store.commit(makeChangeset([open]), operator);
  await remove();
  const [row] = await rows(
    `select deletion_requested_at as at from resource where kind = 'Database' and name = 'protected'`,
  );
  t.truthy(row?.at);
});

/** Says what a controller says of each workload, the namespace last, and then of the instance. */
async function finalizeAll(plane: TestPlane, runtimeId: string, instanceId: string): Promise<void> {
  const going = await plane.rows<{ id: string; generation: number; lease_key: string }>(
    `select id, generation, lease_key from resource where owner_id = $1 or id = $1
     order by id = $1, name = 'namespace'`,
    [instanceId],
  );
  for (const { id, generation, lease_key } of going) {
    const fence = await plane.lease(lease_key);
    await plane.store.finalize({ resourceId: id, fence, generation }, plane.controller);
  }
  await plane.lease(`KubernetesRuntime/${runtimeId}`);
}

test('a deletion is refused with those that would be left without it, and nothing is written', async (t) => {
  const plane = t.context.plane;
  const { edits, ids } = await deploy(plane, 'blocked');
  const [runtime, app, environment] = edits;
  for (const edit of [runtime, app, environment]) {
    const error = await t.throwsAsync(plane.store.commit(makeChangeset([makeEdit.delete(edit)]), plane.operator), {
      instanceOf: BlockedError,
    });
    const blockers = error.details.blockers ?? [];
    t.true(blockers.includes(`AppInstance blocked (${ids.instance})`), `${edit.kind}: ${blockers.join()}`);
    t.false(blockers.some((blocker) => blocker.startsWith('Workload')));
  }
  t.deepEqual(
    await plane.rows(`select from resource where name = 'blocked' and deletion_requested_at is not null`),
    [],
  );
});

test('what nothing reconciles is removed at once, also together with what it refers to', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const edits = [makeEdit.tier('gone'), makeEdit.environment('gone', { spec: { tier: 'gone' } })];
  await store.commit(makeChangeset(edits), operator);
  const { edits: results } = await store.commit(makeChangeset(edits.map(makeEdit.delete)), operator);
  t.deepEqual(
    results.map((edit) => edit.result),
    ['removed', 'removed'],
  );
  t.deepEqual(await rows(`select from resource where name = 'gone'`), []);
  t.is((await rows(`select from revision where name = 'gone' and op = 'removed'`)).length, 2);
});

test('deleting an app instance asks its workloads to go, and it is gone when they are', async (t) => {
  const plane = t.context.plane;
  const { edits, ids } = await deploy(plane, 'leaving');
  const { edits: results } = await plane.store.commit(makeChangeset([makeEdit.delete(edits[3])]), plane.operator);
  t.is(results[0]?.result, 'deletionRequested');
  const asked = await plane.rows(
    'select generation from resource where owner_id = $1 and deletion_requested_at is not null',
    [ids.instance],
  );
  t.deepEqual(asked, [{ generation: 2 }, { generation: 2 }]);

  const [instance] = await plane.rows<{ lease_key: string }>('select lease_key from resource where id = $1', [
    ids.instance,
  ]);
  const fence = await plane.lease(instance?.lease_key ?? '');
  const early = { resourceId: ids.instance, fence, generation: 2 };
  await t.throwsAsync(plane.store.finalize(early, plane.controller), { instanceOf: BlockedError });
  await finalizeAll(plane, ids.runtime, ids.instance);
  t.deepEqual(await plane.rows('select from resource where id = $1 or owner_id = $1', [ids.instance]), []);
});

test('an environment that is deleted with its last app instance goes when that is gone', async (t) => {
  const plane = t.context.plane;
  const { edits, ids } = await deploy(plane, 'together');
  const { edits: results } = await plane.store.commit(makeChangeset(edits.map(makeEdit.delete)), plane.operator);
  t.deepEqual(
    results.map((edit) => edit.result),
    ['deletionRequested', 'deletionRequested', 'deletionRequested', 'deletionRequested'],
  );
  await finalizeAll(plane, ids.runtime, ids.instance);
  t.deepEqual(await plane.rows(`select kind from resource where name = 'together'`), [{ kind: 'KubernetesRuntime' }]);
  const removed = await plane.rows(
    `select kind from revision where name = 'together' and op = 'removed' order by kind`,
  );
  t.deepEqual(removed, [{ kind: 'App' }, { kind: 'AppInstance' }, { kind: 'Environment' }]);
});

test('an environment goes with the last of many app instances that end at the same moment', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
  const made = [
    makeEdit.runtime('many'),
    makeEdit.app('many'),
    makeEdit.environment('many', { spec: { runtime: 'many' } }),
    ...names.map((name) => makeEdit.instance(name, 'many', { spec: { app: 'many' } })),
  ];
  await plane.store.commit(makeChangeset(made), plane.operator);
  await plane.store.commit(makeChangeset(made.slice(1).map(makeEdit.delete)), plane.operator);
  const finalize = async (rows: readonly { id: string; lease_key: string }[]) => {
    const keys = new Set(rows.map((row) => row.lease_key));
    const fences = new Map(await Promise.all([...keys].map(async (key) => [key, await plane.lease(key)] as const)));
    await Promise.all(
      rows.map(({ id, lease_key }) => {
        const fence = fences.get(lease_key);
        if (!fence) throw new Error(`No lease ${lease_key}.`);
        return plane.store.finalize({ resourceId: id, fence, generation: 2 }, plane.controller);
      }),
    );
  };
  const going = (condition: string) =>
    plane.rows<{ id: string; lease_key: string }>(
      `select id, lease_key from resource where deletion_requested_at is not null and ${condition}`,
    );
  await finalize(await going(`kind = 'Workload' and name <> 'namespace'`));
  await finalize(await going(`kind = 'Workload'`));
  await finalize(await going(`kind = 'AppInstance'`));
  t.deepEqual(await plane.rows(`select kind, name from resource order by kind`), [
    { kind: 'KubernetesRuntime', name: 'many' },
    { kind: 'Project', name: 'default' },
  ]);
});

test('nothing can refer to, or be put into, what is being deleted', async (t) => {
  const plane = t.context.plane;
  const { edits } = await deploy(plane, 'closing');
  await plane.store.commit(makeChangeset(edits.map(makeEdit.delete)), plane.operator);
  const late = [
    makeEdit.environment('late', { spec: { runtime: 'closing' } }),
    makeEdit.instance('late', 'closing', { spec: { app: 'closing' } }),
    makeEdit.app('closing', { op: 'update', spec: { description: 'x', components: [] } }),
    makeEdit.app('closing'),
  ];
  for (const edit of late) {
    const error = await t.throwsAsync(plane.store.commit(makeChangeset([edit]), plane.operator), {
      instanceOf: ConflictError,
    });
    t.regex(error.message, /being deleted|already/);
  }
});

test('a second deletion of the same changes nothing', async (t) => {
  const plane = t.context.plane;
  const { edits } = await deploy(plane, 'again');
  await plane.store.commit(makeChangeset([makeEdit.delete(edits[3])]), plane.operator);
  const { edits: results } = await plane.store.commit(makeChangeset([makeEdit.delete(edits[3])]), plane.operator);
  t.is(results[0]?.result, 'unchanged');
});

test('a component that left the app is asked to go, and the rest stays', async (t) => {
  const plane = t.context.plane;
  const component = (name: string) => ({
    name,
    type: 'manifests',
    objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }],
  });
  const app = (...names: string[]) =>
    makeEdit.app('parts', { op: 'apply', spec: { components: names.map(component) } });
  await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('parts'),
      makeEdit.environment('parts', { spec: { runtime: 'parts' } }),
      app('web', 'worker'),
      makeEdit.instance('parts', 'parts'),
    ]),
    plane.operator,
  );
  await plane.store.commit(
    makeChangeset([app('web', 'cache'), makeEdit.instance('parts', 'parts', { op: 'deploy' })]),
    plane.operator,
  );
  t.deepEqual(
    await plane.rows(
      `select w.name, w.deletion_requested_at is not null as going, w.spec -> 'release' as release from resource w
       join resource i on i.id = w.owner_id and i.name = 'parts' order by w.name`,
    ),
    [
      { name: 'cache', going: false, release: 2 },
      { name: 'namespace', going: false, release: 2 },
      { name: 'web', going: false, release: 2 },
      { name: 'worker', going: true, release: 1 },
    ],
  );
  t.deepEqual(
    await plane.rows(`select d.number, d.release from app_deployment d join resource i on i.id = d.instance_id
      where i.name = 'parts' order by d.number`),
    [
      { number: 1, release: 1 },
      { number: 2, release: 2 },
    ],
  );
});

test('1,000 concurrent pairs of "refer to it" and "delete it" leave no dangling reference and no stuck row', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { store, operator, rows } = plane;
  const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  await store.commit(makeChangeset(names.map((name) => makeEdit.tier(name))), operator);
  const tell = (result: PromiseSettledResult<unknown>) => {
    if (result.status === 'fulfilled') return 'done';
    return result.reason instanceof PortolanError ? result.reason.code : String(result.reason);
  };
  const outcomes = new Map<string, number>();
  // As many at a time as wait for a connection for seconds, and not for the half minute after which it is given up.
  const left = [...names.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, name] = next;
      const refer = () => store.commit(makeChangeset([makeEdit.environment(name, { spec: { tier: name } })]), operator);
      const remove = () => store.commit(makeChangeset([makeEdit.delete(makeEdit.tier(name))]), operator);
      const [first, second] = await Promise.allSettled(index % 2 ? [refer(), remove()] : [remove(), refer()]);
      const [referred, removed] = index % 2 ? [first, second] : [second, first];
      const outcome = `refer ${tell(referred)}, delete ${tell(removed)}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 50 }, work));
  // One of the two won each time: never both, and never neither.
  const allowed = ['refer done, delete BLOCKED', 'refer NOT_FOUND, delete done', 'refer CONFLICT, delete done'];
  t.deepEqual(
    [...outcomes.keys()].filter((outcome) => !allowed.includes(outcome)),
    [],
  );
  t.deepEqual(
    await rows(`select r.name from resource r left join reference f on f.from_id = r.id
      left join resource tier on tier.id = f.to_id where r.kind = 'Environment' and tier.id is null`),
    [],
  );
  t.deepEqual(await rows('select from resource where deletion_requested_at is not null'), []);
});

test('what is not there cannot be finalized, nor what nobody asked to delete', async (t) => {
  const plane = t.context.plane;
  const { ids } = await deploy(plane, 'staying');
  const fence = await plane.lease(`KubernetesRuntime/${ids.runtime}`);
  const finalize = (resourceId: string) => plane.store.finalize({ resourceId, fence, generation: 1 }, plane.controller);
  await t.throwsAsync(finalize(ids.runtime), { instanceOf: ConflictError, message: /Nobody asked/ });
  await t.throwsAsync(finalize('not-an-id'), { instanceOf: NotFoundError });
});

test('a forced deletion takes along what is on it, is recorded, and lets objects go that nobody saw go', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { edits, ids } = await deploy(plane, 'lost');
  const other = await deploy(plane, 'other');
  const [runtime, , environment] = edits;
  const [web] = await plane.rows<{ id: string }>(`select id from resource where owner_id = $1 and name = 'web'`, [
    ids.instance,
  ]);
  const fence = await plane.lease(`KubernetesRuntime/${ids.runtime}`);
  const object = {
    ...{ group: '', version: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'settings', state: 'present' as const },
    ...{
      origin: 'created' as const,
      uid: 'u',
      appliedHash: null,
      health: 'Healthy' as const,
      reason: null,
      message: '',
    },
    drift: null,
  };
  await plane.store.reportObjects(
    { resourceId: web?.id ?? '', runtimeId: ids.runtime, fence, objects: [object], absent: [] },
    plane.controller,
  );
  const force = makeChangeset([{ ...makeEdit.delete(runtime), force: true }]);

  const error = await t.throwsAsync(plane.store.commit(force, plane.operator), { instanceOf: BlockedError });
  t.deepEqual(error.details.blockers, [`Environment lost (${ids.environment})`], 'what only names it is not on it');
  await plane.store.commit(makeChangeset([{ ...environment, op: 'update', spec: {} }]), plane.operator);
  await plane.store.commit(force, plane.operator);

  const marked = `select kind || ' ' || name as title from resource where deletion_forced and deletion_requested_at is not null order by 1`;
  t.deepEqual(
    (await plane.rows<{ title: string }>(marked)).map(({ title }) => title),
    ['AppInstance lost', 'KubernetesRuntime lost', 'Workload namespace', 'Workload web'],
  );
  const told = await plane.rows<{ actor: string; document: { isDeletionForced: boolean } }>(
    `select actor, document from revision where op = 'deletionRequested' and resource_id = $1`,
    [ids.runtime],
  );
  t.like(told[0], { actor: 'operator', document: { isDeletionForced: true } });
  t.is((await plane.rows(`select from event where reason = 'DeletionForced' and type = 'Warning'`)).length, 4);

  await finalizeAll(plane, ids.runtime, ids.instance);
  await plane.store.finalize({ resourceId: ids.runtime, fence, generation: 2 }, plane.controller);
  t.deepEqual(await plane.rows('select from resource where id = any($1)', [[ids.runtime, ids.instance]]), []);
  t.deepEqual(await plane.rows('select from object'), []);
  const [removed] = await plane.rows<{ document: { forgotten: readonly object[] } }>(
    `select document from revision where op = 'removed' and resource_id = $1`,
    [web?.id ?? ''],
  );
  t.like(removed?.document.forgotten[0], { kind: 'ConfigMap', name: 'settings' }, 'what was left outside is told');
  t.is((await plane.rows('select from resource where id = $1', [other.ids.instance])).length, 1);
});

test('a deletion that waits can be forced later', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const runtime = makeEdit.runtime('waiting');
  const { edits } = await plane.store.commit(makeChangeset([runtime]), plane.operator);
  await plane.store.commit(makeChangeset([makeEdit.delete(runtime)]), plane.operator);
  const forced = makeChangeset([{ ...makeEdit.delete(runtime), force: true }]);
  t.is((await plane.store.commit(forced, plane.operator)).edits[0]?.result, 'deletionRequested');
  t.deepEqual(
    await plane.rows('select generation, deletion_forced from resource where id = $1', [edits[0]?.resourceId ?? '']),
    [{ generation: 3, deletion_forced: true }],
    'the controller looks again',
  );
  t.is((await plane.store.commit(forced, plane.operator)).edits[0]?.result, 'unchanged');
});

for (const edit of [
  { ...makeEdit.delete(makeEdit.tier('plain')), force: true },
  { ...makeEdit.runtime('plain'), force: true },
]) {
  test(`what has nothing outside to forget is not forced: ${edit.op} ${edit.kind}`, async (t) => {
    const { store, operator } = t.context.plane;
    await t.throwsAsync(store.commit(makeChangeset([edit]), operator), {
      instanceOf: BadInputError,
      message: /^Only the deletion of what has something outside can be forced/,
    });
  });
}
