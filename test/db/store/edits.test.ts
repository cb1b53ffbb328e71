import anyTest, { type TestFn } from 'ava';
import type { Database } from '../../../db/database.js';
import { createStore } from '../../../db/store.js';
import { BadInputError, ConflictError, LimitExceededError, NotFoundError } from '../../../lib/errors.js';
import type { Edit, KeptField } from '../../../model/changeset.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

test('the same name in two environments is fine, and in one it is a CONFLICT', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const instance = (environment: string) => makeEdit.instance('twice', environment);
  await store.commit(
    makeChangeset([
      makeEdit.runtime('runtime-twice'),
      makeEdit.app('twice'),
      makeEdit.environment('one', { spec: { runtime: 'runtime-twice' } }),
      makeEdit.environment('two', { spec: { runtime: 'runtime-twice' } }),
      instance('one'),
      instance('two'),
    ]),
    operator,
  );
  await t.throwsAsync(store.commit(makeChangeset([instance('two')]), operator), { instanceOf: ConflictError });
  t.is((await rows(`select from resource where kind = 'AppInstance' and name = 'twice'`)).length, 2);
});

test('a stale expectedVersion is a CONFLICT and nothing is written', async (t) => {
  const { store, operator, rows } = t.context.plane;
  await store.commit(makeChangeset([makeEdit.tier('versioned')]), operator);
  const update = (order: number, expectedVersion: number) =>
    makeEdit.tier('versioned', { op: 'update', spec: { order }, expectedVersion });
  await store.commit(makeChangeset([update(5, 1)]), operator);
  await t.throwsAsync(store.commit(makeChangeset([makeEdit.tier('beside'), update(6, 1)]), operator), {
    instanceOf: ConflictError,
    message: /is at version 2 and was expected at 1/,
  });
  t.deepEqual(await rows(`select spec, version from resource where name in ('versioned', 'beside')`), [
    { spec: { order: 5 }, version: 2 },
  ]);
});

test('of 20 edits that expect one version, one wins', async (t) => {
  const { store, operator, rows } = t.context.plane;
  await store.commit(makeChangeset([makeEdit.tier('raced')]), operator);
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      store.commit(
        makeChangeset([makeEdit.tier('raced', { op: 'update', spec: { order: index + 10 }, expectedVersion: 1 })]),
        operator,
      ),
    ),
  );
  t.is(results.filter((result) => result.status === 'fulfilled').length, 1);
  t.deepEqual(await rows(`select version from resource where name = 'raced'`), [{ version: 2 }]);
});

test('a changeset that changes nothing appends no revision and counts no version', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const edits: Edit[] = [
    makeEdit.tier('same', { op: 'apply', labels: { team: 'a' } }),
    makeEdit.app('same', { op: 'apply' }),
  ];
  await store.commit(makeChangeset(edits), operator);
  const log = `select seq from revision where name = 'same' order by seq, ordinal`;
  const before = await rows(log);
  const again = await store.commit(makeChangeset(edits), operator);
  t.deepEqual(
    again.edits.map((edit) => edit.result),
    ['unchanged', 'unchanged'],
  );
  t.deepEqual(await rows(log), before);
  t.is(before.length, 2);
  t.deepEqual(await rows(`select version, generation from resource where name = 'same'`), [
    { version: 1, generation: 1 },
    { version: 1, generation: 1 },
  ]);
});

test('labels change the version but not the generation', async (t) => {
  const { store, operator, rows } = t.context.plane;
  await store.commit(makeChangeset([makeEdit.tier('labelled')]), operator);
  const { op: _, spec: __, ...bare } = makeEdit.tier('labelled');
  await store.commit(makeChangeset([{ ...bare, op: 'update', labels: { 'example.com/team': 'a' } }]), operator);
  t.deepEqual(await rows(`select version, generation, labels, spec from resource where name = 'labelled'`), [
    { version: 2, generation: 1, labels: { 'example.com/team': 'a' }, spec: { order: 1 } },
  ]);
});

test('a field of another manager is kept, or taken over on purpose', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const apply = (manager: string, order: number, takeOver = false) =>
    store.commit(
      makeChangeset([makeEdit.tier('managed', { op: 'apply', spec: { order } })], { manager, takeOver }),
      operator,
    );
  await apply('file', 1);
  const error = await t.throwsAsync(apply('ci', 2), {
    instanceOf: ConflictError,
    message: /order \(set by file to 1 since \S+, revision \d+; you state 2\)/,
  });
  const [conflict] = error.details.conflicts as readonly KeptField[];
  t.like(conflict, {
    path: 'order',
    manager: 'file',
    stated: 2,
    actual: 1,
    isSecret: false,
    set: { actor: 'operator' },
  });
  await apply('ci', 2, true);
  t.deepEqual(await rows(`select spec, managers from resource where name = 'managed'`), [
    { spec: { order: 2 }, managers: { order: 'ci' } },
  ]);
});

test('what cannot change after creation is refused in words', async (t) => {
  const { store, operator } = t.context.plane;
  await store.commit(makeChangeset([makeEdit.runtime('fixed')]), operator);
  const spec = { provider: 'kubeconfig', cluster: { server: 'https://203.0.113.7' } };
  const error = await t.throwsAsync(
    store.commit(makeChangeset([makeEdit.runtime('fixed', { op: 'update', spec })]), operator),
    { instanceOf: BadInputError, message: /provider of KubernetesRuntime fixed cannot change/ },
  );
  t.deepEqual(error.details.path, ['edits', 0, 'spec', 'provider']);
});

test('only one runtime of a project is the default', async (t) => {
  const { store, operator } = t.context.plane;
  const spec = { provider: 'sandbox', default: true };
  await store.commit(makeChangeset([makeEdit.project('p-default')]), operator);
  const runtime = (name: string) => makeEdit.runtime(name, { project: 'p-default', spec });
  await store.commit(makeChangeset([runtime('first')]), operator);
  await t.throwsAsync(store.commit(makeChangeset([runtime('second')]), operator), {
    instanceOf: ConflictError,
    message: /is the default already/,
  });
});

test('who makes the same default runtime at the same moment finds it made, and of two different ones one is refused by name', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const spec = { provider: 'sandbox', default: true };
  for (let round = 0; round < 8; round++) {
    const project = `default-race-${round}`;
    await store.commit(makeChangeset([makeEdit.project(project)]), operator);
    const make = (name: string) =>
      store.commit(makeChangeset([makeEdit.runtime(name, { op: 'apply', project, spec })]), operator);
    const same = await Promise.all(Array.from({ length: 4 }, () => make('main')));
    t.deepEqual(same.map(({ edits }) => edits[0]?.result).sort(), ['created', 'unchanged', 'unchanged', 'unchanged']);

    const other = `default-race-other-${round}`;
    await store.commit(makeChangeset([makeEdit.project(other)]), operator);
    const makeOther = (name: string) =>
      store.commit(makeChangeset([makeEdit.runtime(name, { op: 'apply', project: other, spec })]), operator);
    const different = await Promise.allSettled(['a', 'b', 'c'].map(makeOther));
    const refused = different.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    t.is(refused.length, 2);
    const [made] = await rows(
      `select r.name from resource r join resource p on p.id = r.project_id where p.name = '${other}' and r.kind = 'KubernetesRuntime'`,
    );
    for (const message of refused)
      t.regex(message, new RegExp(`KubernetesRuntime ${made?.name} of this project is the default already`));
  }
});

const refusals: readonly { title: string; edit: Edit; path: readonly (string | number)[]; message: RegExp }[] = [
  {
    title: 'a kind that is not there',
    edit: { ...makeEdit.tier('x'), kind: 'Teir' },
    path: ['edits', 0, 'kind'],
    message: /no kind Teir/,
  },
  {
    title: 'a kind that people do not make',
    edit: { ...makeEdit.tier('x'), kind: 'Workload' },
    path: ['edits', 0, 'kind'],
    message: /made by Portolan alone/,
  },
  {
    title: 'a name that Kubernetes would refuse',
    edit: makeEdit.tier('Not_A_Name'),
    path: ['edits', 0, 'name'],
    message: /cannot be the name/,
  },
  {
    title: 'an unknown field',
    edit: makeEdit.tier('x', { spec: { order: 1, ordr: 2 } }),
    path: ['edits', 0, 'spec', 'ordr'],
    message: /ordr/,
  },
  {
    title: 'a wrong type',
    edit: makeEdit.tier('x', { spec: { order: 'high' } }),
    path: ['edits', 0, 'spec', 'order'],
    message: /order/,
  },
  {
    title: 'an app instance without an environment',
    edit: { ...makeEdit.instance('x', 'dev'), environment: null },
    path: ['edits', 0, 'environment'],
    message: /needs an environment/,
  },
  {
    title: 'a tier in an environment',
    edit: makeEdit.tier('x', { environment: 'dev' }),
    path: ['edits', 0, 'environment'],
    message: /in no environment/,
  },
  {
    title: 'a label with a space',
    edit: makeEdit.tier('x', { labels: { team: 'a b' } }),
    path: ['edits', 0, 'labels', 'team'],
    message: /cannot be a label/,
  },
  {
    title: 'a component called namespace',
    edit: makeEdit.app('x', {
      spec: { components: [{ name: 'namespace', type: 'manifests', objects: [configMap('a')] }] },
    }),
    path: ['edits', 0, 'spec', 'components', 0, 'name'],
    message: /namespace/,
  },
  {
    title: 'a health rule that is no CEL',
    edit: makeEdit.app('ruled', {
      spec: {
        ...makeEdit.app('ruled').spec,
        policy: {
          health: [
            { apiVersion: 'sea.test/v1', kind: 'Port', rules: [{ health: 'Degraded', when: 'self.status.phase ==' }] },
          ],
        },
      },
    }),
    path: ['edits', 0, 'spec', 'policy', 'health', 0, 'rules', 0, 'when'],
    message: /is not a CEL expression that can be used here: Unexpected token: EOF/,
  },
];

for (const { title, edit, path, message } of refusals) {
  test(`${title} is BAD_USER_INPUT that names the field`, async (t) => {
    const { store, operator, rows } = t.context.plane;
    const error = await t.throwsAsync(store.commit(makeChangeset([edit]), operator), {
      instanceOf: BadInputError,
      message,
    });
    t.deepEqual(error.details.path, path);
    t.deepEqual(await rows('select from resource where name = $1', [edit.name]), []);
  });
}

test('text that Postgres cannot hold is BAD_USER_INPUT', async (t) => {
  const { store, operator } = t.context.plane;
  for (const description of ['a\u0000b', 'half \ud800']) {
    const edit = makeEdit.tier('unstorable', { spec: { order: 1, description } });
    await t.throwsAsync(store.commit(makeChangeset([edit]), operator), { instanceOf: BadInputError, message: /NUL/ });
  }
});

test('what is not there is NOT_FOUND', async (t) => {
  const { store, operator } = t.context.plane;
  const missing: readonly Edit[] = [
    makeEdit.tier('absent', { op: 'update' }),
    makeEdit.delete(makeEdit.tier('absent')),
    makeEdit.tier('absent', { project: 'absent' }),
    makeEdit.instance('absent', 'absent'),
  ];
  for (const edit of missing) {
    await t.throwsAsync(store.commit(makeChangeset([edit]), operator), { instanceOf: NotFoundError }, edit.op);
  }
});

test('one resource cannot be edited twice in a changeset, and a changeset has a bound', async (t) => {
  const { store, operator } = t.context.plane;
  await t.throwsAsync(store.commit(makeChangeset([makeEdit.tier('two'), makeEdit.tier('two')]), operator), {
    instanceOf: BadInputError,
    message: /edited twice/,
  });
  const many = Array.from({ length: 5001 }, (_, index) => makeEdit.tier(`t${index}`));
  await t.throwsAsync(store.commit(makeChangeset(many), operator), { instanceOf: LimitExceededError });
});

test('a changeset of 1,000 resources takes no more statements than one of 10', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const statementsOf = async (count: number) => {
    const edits = Array.from({ length: count }, (_, index) =>
      makeEdit.environment(`e${count}-${index}`, { spec: { tier: `t${count}` } }),
    );
    const counting = countStatements(plane.database);
    const store = createStore({ ...plane.storeOptions, database: counting.database });
    await store.commit(makeChangeset([makeEdit.tier(`t${count}`), ...edits]), plane.operator);
    return counting.count();
  };
  const few = await statementsOf(10);
  t.true(few > 0 && few < 20, `${few} statements`);
  t.is(await statementsOf(1000), few);
  t.is((await plane.rows(`select from reference where path = 'tier'`)).length, 1010);
});

/** A database that counts the statements of its transactions. */
function countStatements(database: Database): { readonly database: Database; count(): number } {
  let count = 0;
  const counted: Database = {
    ...database,
    transaction: (work) =>
      database.transaction((transaction) =>
        work({
          query(text, values) {
            count += 1;
            return transaction.query(text, values);
          },
          queryAll(calls) {
            count += calls.length;
            return transaction.queryAll(calls);
          },
          commitWith(calls) {
            count += calls.length;
            return transaction.commitWith(calls);
          },
        }),
      ),
  };
  return { database: counted, count: () => count };
}
