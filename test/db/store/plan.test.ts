import anyTest, { type TestFn } from 'ava';
import { isJsonObject } from '../../../lib/canonical.js';
import { ConflictError, NotFoundError } from '../../../lib/errors.js';
import type { Changeset, Edit } from '../../../model/changeset.js';
import type { Plan } from '../../../model/plan.js';
import { everyColumn } from '../../helpers/every-column.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const secret = (value: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db' },
  stringData: { password: value },
});
const app = (
  name: string,
  objects: Edit['spec'] extends infer S ? readonly NonNullable<S>[] : never,
  op: Edit['op'] = 'apply',
) => makeEdit.app(name, { op, spec: { components: [{ name: 'web', type: 'manifests', objects: [...objects] }] } });

/** In a project of its own, on a runtime of its own. */
function inProject(project: string) {
  const put = (edit: Edit): Edit => ({ ...edit, project, op: edit.op === 'create' ? 'apply' : edit.op });
  return {
    base: [
      { ...makeEdit.project(project), op: 'apply' as const },
      put(makeEdit.runtime('main', { spec: { provider: 'sandbox', default: true } })),
      put(makeEdit.environment('dev')),
    ],
    app: (...objects: readonly NonNullable<Edit['spec']>[]) => put(app('shop', objects)),
    deploy: put(makeEdit.instance('shop', 'dev', { op: 'deploy' })),
    put,
  };
}

const shown = (plan: Plan) =>
  plan.steps.map(({ wave, action, kind, name }) => `${wave ?? '-'} ${action} ${kind} ${name}`);

async function planThenApply({ store, operator }: TestPlane, changeset: Changeset) {
  const plan = await store.plan(changeset, operator);
  const committed = await store.commit({ ...changeset, plan: { hash: plan.hash, cursor: plan.cursor } }, operator);
  return { plan, committed };
}

test('a plan tells each step with its wave: what is referred to or owned comes first', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy } = inProject('waves');
  const { plan } = await planThenApply(plane, makeChangeset([...base, shop(configMap('a')), deploy]));
  t.deepEqual(shown(plan), [
    '1 create Project waves',
    '2 create KubernetesRuntime main',
    '2 create Environment dev',
    '2 create App shop',
    '3 create Workload namespace',
    '4 create Workload web',
    '5 create AppInstance shop',
  ]);
  t.deepEqual(plan.counts, { create: 7, update: 0, replace: 0, delete: 0, none: 0 });
  t.deepEqual(plan.affectedApps, [{ resourceId: null, name: 'shop', project: 'waves', environment: 'dev', steps: 3 }]);
  t.like(plan.steps.at(-2), { project: 'waves', environment: 'dev', owner: 'AppInstance shop', resourceId: null });
});

test('what goes comes after all that depends on it', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy } = inProject('leaving');
  const edits = [...base, shop(configMap('a')), deploy];
  await planThenApply(plane, makeChangeset(edits));
  const { plan } = await planThenApply(plane, makeChangeset(edits.slice(1).map(makeEdit.delete)));
  t.deepEqual(shown(plan), [
    '1 delete Workload web',
    '2 delete Workload namespace',
    '3 delete AppInstance shop',
    '4 delete KubernetesRuntime main',
    '4 delete Environment dev',
    '4 delete App shop',
  ]);
});

test('a plan writes nothing: every table and every sequence is as before', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { base, app: shop, deploy, put } = inProject('dry');
  await planThenApply(plane, makeChangeset([...base, shop(secret('one')), deploy]));
  const world = async () => [
    (await everyColumn(plane.database)).toSorted(),
    await plane.rows('select sequencename, last_value from pg_sequences order by 1'),
  ];
  const before = await world();
  for (const edits of [
    [shop(secret('two'), configMap('more')), deploy],
    [put(makeEdit.app('other')), put(makeEdit.instance('other', 'dev'))],
    [makeEdit.delete(deploy)],
    [makeEdit.delete(base[1] as Edit)],
  ]) {
    const plan = await plane.store.plan(makeChangeset(edits), plane.operator);
    t.true(plan.steps.length > 0);
  }
  t.deepEqual(await world(), before);
});

test('after a plan was applied, planning the same again finds nothing to do', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy, put } = inProject('again');
  const other = [put(makeEdit.app('other')), put(makeEdit.instance('other', 'dev', { op: 'deploy' }))];
  const changesets: readonly (readonly Edit[])[] = [
    [...base, shop(secret('one')), deploy],
    [shop(secret('two'), configMap('b')), deploy],
    [...other, shop(secret('two'))],
    [put({ ...makeEdit.environment('dev'), spec: { description: 'mine' } }), deploy],
  ];
  for (const edits of changesets) {
    const { plan } = await planThenApply(plane, makeChangeset(edits));
    t.true(plan.steps.some(({ action }) => action !== 'none'));
    const again = await plane.store.plan(makeChangeset(edits), plane.operator);
    t.deepEqual(again.counts, { create: 0, update: 0, replace: 0, delete: 0, none: edits.length }, shown(again).join());
    t.deepEqual(again.affectedApps, []);
  }
  const going = makeChangeset([makeEdit.delete(deploy), put(makeEdit.environment('new'))]);
  await planThenApply(plane, going);
  const again = await plane.store.plan(going, plane.operator);
  t.deepEqual(again.counts, { create: 0, update: 0, replace: 0, delete: 0, none: 2 });
});

test('an update is told field by field, and of secrets only whether they are there or change', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy, put } = inProject('fields');
  await planThenApply(plane, makeChangeset([...base, shop(secret('first value')), deploy]));
  const edits = [
    shop(secret('second value')),
    put({ ...makeEdit.environment('dev'), spec: { description: 'mine' }, labels: { team: 'a' } }),
  ];
  const plan = await plane.store.plan(makeChangeset(edits), plane.operator);
  t.deepEqual(
    plan.steps.map(({ kind, fields }) => [kind, fields]),
    [
      [
        'Environment',
        [
          { path: 'labels.team', before: undefined, after: 'a' },
          { path: 'spec.description', before: undefined, after: 'mine' },
        ],
      ],
      [
        'App',
        [
          {
            path: 'spec.components[web].objects[Secret/db].stringData.password',
            before: '(hidden)',
            after: '(changed)',
          },
        ],
      ],
    ].toReversed(),
  );
  const text = JSON.stringify(plan);
  t.false(/first value|second value|hmac/.test(text));
});

test('what others keep, and what others set that is stated otherwise, is told and goes into the hash', async (t) => {
  const { plane } = t.context;
  const { base, put } = inProject('kept');
  const environment = (spec: NonNullable<Edit['spec']>) => put({ ...makeEdit.environment('dev'), spec });
  const by = (manager: string, spec: NonNullable<Edit['spec']>) => makeChangeset([environment(spec)], { manager });
  await plane.store.commit(makeChangeset(base), plane.operator);
  await plane.store.commit(by('file', { description: 'one' }), plane.operator);
  await plane.store.commit({ ...by('ci', { description: 'two' }), takeOver: true }, plane.operator);

  const again = await plane.store.plan(by('file', { description: 'one' }), plane.operator);
  t.like(again.steps[0], { action: 'none', fields: [] });
  t.like(again.steps[0]?.kept, [{ path: 'description', manager: 'ci', stated: 'one', actual: 'two' }]);
  const other = await plane.store.plan(by('file', { description: 'three' }), plane.operator);
  t.like(other.refusals, [{ code: 'CONFLICT', resource: 'Environment dev' }]);
  t.like(other.refusals[0]?.conflicts, [{ path: 'description', manager: 'ci', stated: 'three', actual: 'two' }]);
  t.not(again.hash, other.hash);
});

test('each edit that a guardrail forbids is told with the rule, its owner and what is allowed, and the rest is planned', async (t) => {
  const { plane } = t.context;
  const { base, put } = inProject('verdicts');
  const edit = (kind: string, name: string, spec: NonNullable<Edit['spec']>, environment: string | null = null) =>
    put({ op: 'apply', kind, project: null, environment, name, spec });
  const definition = edit('DatabaseDefinition', 'small', {
    defaults: { engine: 'postgres' },
    guardrails: { maxima: [{ path: 'storageGb', maximum: 100 }] },
  });
  await plane.store.commit(makeChangeset([...base, definition], { manager: 'ops' }), plane.operator);
  const database = (name: string, storageGb: number) =>
    edit('Database', name, { definition: 'small', storageGb }, 'dev');
  const changeset = makeChangeset([database('fine', 50), database('large', 500), database('huge', 5000)]);
  const plan = await plane.store.plan(changeset, plane.operator);
  t.deepEqual(
    plan.refusals.map(({ code, path, resource, verdict }) => ({ code, path: path.join('.'), resource, verdict })),
    [1, 2].map((index) => ({
      code: 'BAD_USER_INPUT',
      path: `edits.${index}.spec.storageGb`,
      resource: `Database ${index === 1 ? 'large' : 'huge'}`,
      verdict: {
        rule: 'maxima',
        owner: 'DatabaseDefinition small of project verdicts, set by ops',
        allowed: { maximum: 100 },
      },
    })),
  );
  t.true(plan.steps.some(({ kind, name, fields }) => kind === 'Database' && name === 'fine' && fields.length > 0));
  const error = await t.throwsAsync(plane.store.commit(changeset, plane.operator));
  t.is(error?.message, plan.refusals[0]?.message ?? '');
});

test('a field that cannot change is told as a replacement, which a commit refuses', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy, put } = inProject('replaced');
  const next = put(makeEdit.runtime('next'));
  await plane.store.commit(makeChangeset([...base, next, shop(configMap('a')), deploy]), plane.operator);
  const moved = makeChangeset([{ ...deploy, spec: { app: 'shop', runtime: 'next' } }], { takeOver: true });
  const plan = await plane.store.plan(moved, plane.operator);
  t.like(
    plan.steps.find(({ kind }) => kind === 'AppInstance'),
    { action: 'replace', why: 'runtime cannot be changed where it is.' },
  );
  t.like(plan.refusals, [{ code: 'BAD_USER_INPUT', path: ['edits', 0, 'spec', 'runtime'] }]);
  t.is(plan.refusals[0]?.resource, 'AppInstance shop');
  const error = await t.throwsAsync(plane.store.commit(moved, plane.operator));
  t.is(error?.message, plan.refusals[0]?.message ?? '');
});

test('a second default runtime is told before it is tried', async (t) => {
  const { plane } = t.context;
  const { base, put } = inProject('defaults');
  await plane.store.commit(makeChangeset(base), plane.operator);
  const second = put(makeEdit.runtime('second', { spec: { provider: 'sandbox', default: true } }));
  const plan = await plane.store.plan(makeChangeset([second]), plane.operator);
  t.like(plan.refusals, [{ code: 'CONFLICT', path: ['edits', 0, 'spec', 'default'] }]);
  t.regex(plan.refusals[0]?.message ?? '', /^KubernetesRuntime main of this project is the default already/);
  const yielding = put({ ...makeEdit.runtime('main'), spec: { provider: 'sandbox', default: false } });
  t.deepEqual((await plane.store.plan(makeChangeset([second, yielding]), plane.operator)).refusals, []);
  await t.notThrowsAsync(plane.store.commit(makeChangeset([second, yielding]), plane.operator));
});

test('a hash is the same for the same plan, whatever the order of keys and the ids that are drawn', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy } = inProject('hash');
  const hashOf = async (edits: readonly Edit[], given: Partial<Changeset> = {}) =>
    (await plane.store.plan(makeChangeset(edits, given), plane.operator)).hash;
  const edits = [...base, shop(secret('one'), { ...configMap('a'), data: { x: '1', y: '2' } }), deploy];
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
  t.not(await hashOf([...base, shop(secret('two'), { ...configMap('a'), data: { x: '1', y: '2' } }), deploy]), hash);
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
          spec: { description: 'x', components: app('x', [configMap('a')]).spec?.components ?? [] },
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

test('a new referrer of what is deleted is told as what stands in the way, and the plan goes on', async (t) => {
  const { plane } = t.context;
  const { store, operator } = plane;
  const { base, put } = inProject('blocked');
  await store.commit(makeChangeset([...base, put(makeEdit.tier('old'))]), operator);
  const changeset = makeChangeset([makeEdit.delete(put(makeEdit.tier('old'))), put(makeEdit.environment('next'))]);
  const { hash, cursor } = await store.plan(changeset, operator);
  await store.commit(makeChangeset([put(makeEdit.environment('user', { spec: { tier: 'old' } }))]), operator);
  const plan = await store.plan(changeset, operator);
  t.like(plan.refusals, [{ code: 'BLOCKED' }]);
  t.deepEqual(plan.counts, { create: 1, update: 0, replace: 0, delete: 1, none: 0 });
  t.regex(plan.steps.find(({ action }) => action === 'delete')?.blockedBy.join() ?? '', /^Environment user \(/);
  await t.throwsAsync(store.commit({ ...changeset, plan: { hash, cursor } }, operator), {
    message: /cannot be deleted/,
  });
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
