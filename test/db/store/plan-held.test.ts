import anyTest, { type TestFn } from 'ava';
import { isJsonObject } from '../../../lib/canonical.js';
import { ConflictError, NotFoundError } from '../../../lib/errors.js';
import type { Changeset, Edit } from '../../../model/changeset.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { dbSecret, inProject } from '../../helpers/plan-project.js';
import { createTestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

test('a hash is the same for the same plan, whatever the order of keys and the ids that are drawn', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy } = inProject('hash');
  const hashOf = async (edits: readonly Edit[], given: Partial<Changeset> = {}) =>
    (await plane.store.plan(makeChangeset(edits, given), plane.operator)).hash;
  const edits = [...base, shop(dbSecret('one'), { ...configMap('a'), data: { x: '1', y: '2' } }), deploy];
  const hash = await hashOf(edits);
  t.regex(hash, /^[0-9a-f]{64}$/);
  t.is(await hashOf(edits), hash);
  const turned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(turned)
      : isJsonObject(value)
        ? Object.fromEntries(
            Object.entries(value)
              .map(([key, item]) => [key, turned(item)])
              .toReversed(),
          )
        : value;
  t.is(await hashOf(turned(edits) as readonly Edit[]), hash);
  t.is(await hashOf(edits, { idempotencyKey: 'anything' }), hash);
  t.not(await hashOf([...base, shop(dbSecret('two'), { ...configMap('a'), data: { x: '1', y: '2' } }), deploy]), hash);
  t.not(await hashOf(edits, { manager: 'somebody' }), hash);
  await plane.store.commit(makeChangeset([makeEdit.tier('beside')]), plane.operator);
  t.is(await hashOf(edits), hash, 'a change of something else makes no other plan');
});

const stale: readonly {
  readonly title: string;
  plan(of: ReturnType<typeof inProject>): readonly Edit[];
  meanwhile(of: ReturnType<typeof inProject>): readonly Edit[];
  readonly told: RegExp;
}[] = [
  {
    title: 'another writer changed what it changes',
    plan: ({ app: shop }) => [shop(configMap('a'), configMap('b'))],
    meanwhile: ({ app: shop }) => [shop(configMap('c'))],
    told: /App shop was changed \(operator\)/,
  },
  {
    title: 'there is a new release of an app that it deploys',
    plan: ({ deploy }) => [deploy],
    meanwhile: ({ app: shop }) => [shop(configMap('c'))],
    told: /App shop was changed \(operator\)/,
  },
  {
    title: 'there is a new default runtime, which an instance would be put on',
    plan: ({ put }) => [put(makeEdit.instance('other', 'dev', { spec: { app: 'shop' } }))],
    meanwhile: ({ put }) => [
      put({ ...makeEdit.runtime('main'), spec: { provider: 'sandbox', default: false } }),
      put(makeEdit.runtime('fast', { spec: { provider: 'sandbox', default: true } })),
    ],
    told: /KubernetesRuntime fast appeared \(operator\)/,
  },
  {
    title: 'somebody made what it would make',
    plan: ({ put }) => [put(makeEdit.environment('new', { spec: { description: 'a' } }))],
    meanwhile: ({ put }) => [put(makeEdit.environment('new', { spec: { description: 'a' } }))],
    told: /Environment new appeared \(operator\)/,
  },
  {
    title: 'what it changes went',
    plan: ({ put }) => [
      put(
        makeEdit.app('idle', {
          spec: { description: 'x', components: makeEdit.app('x').spec?.components ?? [] },
        }),
      ),
    ],
    meanwhile: ({ put }) => [makeEdit.delete(put(makeEdit.app('idle')))],
    told: /App idle went \(operator\)/,
  },
  {
    title: 'something refers now to what it deletes and deletes with it',
    plan: ({ put }) => [
      makeEdit.delete(put(makeEdit.tier('old'))),
      makeEdit.delete(put(makeEdit.environment('spare'))),
    ],
    meanwhile: ({ put }) => [put({ ...makeEdit.environment('spare'), spec: { tier: 'old' } })],
    told: /Environment spare was changed \(operator\)/,
  },
];

for (const { title, plan: edits, meanwhile, told } of stale) {
  test(`a plan is refused, and nothing written, when ${title}`, async (t) => {
    const { plane } = t.context;
    const { store, operator } = plane;
    const of = inProject(`stale-${title.replaceAll(/\W+/g, '-').slice(0, 40).replace(/-$/, '').toLowerCase()}`);
    const { base, app: shop, deploy, put } = of;
    const more = [put(makeEdit.app('idle')), put(makeEdit.tier('old')), put(makeEdit.environment('spare'))];
    await store.commit(makeChangeset([...base, ...more, shop(configMap('a')), deploy]), operator);
    const changeset = makeChangeset(edits(of));
    const { hash, cursor } = await store.plan(changeset, operator);
    await store.commit(
      makeChangeset([makeEdit.project(`aside-${of.deploy.project}`.slice(0, 63).replace(/-$/, ''))]),
      operator,
    );
    t.is((await store.plan(changeset, operator)).hash, hash);
    await store.commit(makeChangeset(meanwhile(of)), operator);
    const written = () =>
      plane.rows(
        'select count(*) from revision where project_id = (select id from resource where name = $1 and kind = $2)',
        [of.deploy.project ?? '', 'Project'],
      );
    const before = await written();
    const error = await t.throwsAsync(store.commit({ ...changeset, plan: { hash, cursor } }, operator), {
      instanceOf: ConflictError,
      message: told,
    });
    t.false(error.message.includes('aside'), error.message);
    t.deepEqual(await written(), before);
    const fresh = await store.plan(changeset, operator);
    t.not(fresh.hash, hash);
    await t.notThrowsAsync(store.commit({ ...changeset, plan: fresh }, operator));
  });
}

test('of many who apply the same plan at the same time, one does and nothing is done twice', async (t) => {
  const { plane } = t.context;
  const { store, operator } = plane;
  const { base, app: shop, deploy } = inProject('race');
  const changeset = makeChangeset([...base, shop(configMap('a')), deploy]);
  const { hash, cursor } = await store.plan(changeset, operator);
  const appliers = Array.from({ length: 10 }, () => store.commit({ ...changeset, plan: { hash, cursor } }, operator));
  const outcomes = (await Promise.allSettled(appliers)).map((result) =>
    result.status === 'fulfilled' ? 'done' : String(result.reason.code),
  );
  t.deepEqual(outcomes.toSorted(), [...Array.from({ length: 9 }, () => 'CONFLICT'), 'done']);
  const rows = await plane.rows(
    `select op from revision where project_id = (select id from resource where kind = 'Project' and name = 'race')`,
  );
  t.deepEqual(
    rows,
    Array.from({ length: 6 }, () => ({ op: 'created' })),
  );
});

test('of a thousand edits one is bad: nothing is written, and the error names it', async (t) => {
  const { plane } = t.context;
  const { base, put } = inProject('thousand');
  await plane.store.commit(makeChangeset(base), plane.operator);
  const edits = Array.from({ length: 1000 }, (_, index) =>
    put(makeEdit.environment(`env-${index}`, index === 617 ? { spec: { tier: 'missing' } } : {})),
  );
  for (const verb of ['plan', 'commit'] as const) {
    const error = await t.throwsAsync(plane.store[verb](makeChangeset(edits), plane.operator), {
      instanceOf: NotFoundError,
      message: /There is no Tier missing, which Environment env-617 refers to/,
    });
    t.deepEqual(error.details.path, ['edits', 617, 'spec', 'tier']);
  }
  t.deepEqual(await plane.rows(`select from resource where name like 'env-%'`), []);
  t.deepEqual(await plane.rows(`select from revision where name like 'env-%'`), []);
});
