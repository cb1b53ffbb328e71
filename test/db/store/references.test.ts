import anyTest, { type TestFn } from 'ava';
import { BadInputError, BlockedError } from '../../../lib/errors.js';
import type { Edit } from '../../../model/changeset.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const commit = ({ store, operator }: TestPlane, ...edits: Edit[]) => store.commit(makeChangeset(edits), operator);

/** A project with a runtime and an environment. */
const placesOf = (project: string) => [
  makeEdit.project(project),
  makeEdit.runtime('main', { project, spec: { provider: 'sandbox', default: true } }),
  makeEdit.environment('dev', { project }),
];

const offer = (project: string, name: string, projects: string[], resource: object) =>
  makeEdit.offer(name, { op: 'apply', project, spec: { resource: { scope: 'project', ...resource }, projects } });

/** An app whose web component takes the URL of other apps. */
const appThatNeeds = (project: string, name: string, others: readonly string[]) =>
  makeEdit.app(name, {
    op: 'apply',
    project,
    spec: {
      dependencies: others.map((other) => ({ name: other, kind: 'AppInstance' })),
      components: [
        {
          name: 'web',
          type: 'manifests',
          objects: [configMap('hello', Object.fromEntries(others.map((other) => [other, { $from: `${other}.url` }])))],
        },
      ],
    },
  });

const deploy = (project: string, name: string, spec: object = {}) =>
  makeEdit.instance(name, 'dev', { op: 'deploy', project, spec: { app: name, ...spec } });

test('a resource of another project is referred to by its name there, as long as an offer opens it', async (t) => {
  const { plane } = t.context;
  await commit(plane, ...placesOf('platform'), makeEdit.project('team'), makeEdit.project('others'));
  const environment = (project: string) =>
    makeEdit.environment('uses', { op: 'apply', project, spec: { runtime: 'platform/main' } });
  const refused = await t.throwsAsync(commit(plane, environment('team')), { instanceOf: BadInputError });
  t.is(
    refused.message,
    'KubernetesRuntime main of project platform is not offered to project team, so Environment uses cannot refer to it at runtime. An Offer of it in project platform that lists team opens it.',
  );
  t.like(refused.details, {
    path: ['edits', 0, 'spec', 'runtime'],
    rule: 'offer',
    owner: 'project platform',
  });
  await commit(plane, offer('platform', 'runtime', ['team'], { kind: 'KubernetesRuntime', name: 'main' }));
  await commit(plane, environment('team'));
  await t.throwsAsync(commit(plane, environment('others')), { message: /not offered to project others/ });
  t.deepEqual(
    await plane.rows(
      `select f.path, t.kind from reference f join resource r on r.id = f.from_id and r.name = 'uses'
       join resource p on p.id = r.project_id and p.name = 'team' join resource t on t.id = f.to_id order by path`,
    ),
    [
      { path: 'runtime', kind: 'KubernetesRuntime' },
      { path: 'runtime#offer', kind: 'Offer' },
    ],
  );
});

test('what is not there in another project is refused like what is not offered', async (t) => {
  const { plane } = t.context;
  await commit(plane, makeEdit.project('curious'), makeEdit.project('closed'));
  for (const name of ['closed/nothing', 'nowhere/nothing']) {
    const environment = makeEdit.environment('asks', { project: 'curious', spec: { runtime: name } });
    await t.throwsAsync(commit(plane, environment), {
      instanceOf: BadInputError,
      message: /is not offered to project/,
    });
  }
});

test('an offer that is used can neither go nor be taken back from those who use it', async (t) => {
  const { plane } = t.context;
  await commit(plane, ...placesOf('giver'), makeEdit.project('taker'));
  const given = (projects: string[]) =>
    offer('giver', 'runtime', projects, { kind: 'KubernetesRuntime', name: 'main' });
  const environment = makeEdit.environment('uses', { project: 'taker', spec: { runtime: 'giver/main' } });
  // In one changeset: the offer counts at once.
  await commit(plane, given(['*']), environment);
  const blocked = await t.throwsAsync(commit(plane, given(['someone'])), { instanceOf: BlockedError });
  t.regex(blocked.message, /^Offer runtime cannot be taken back from those who use it: Environment uses \(/);
  await t.throwsAsync(commit(plane, makeEdit.delete(given([]))), { instanceOf: BlockedError });
  await commit(plane, given(['taker']));
  await commit(plane, { ...environment, op: 'update', spec: {} }, given(['someone']));
  t.pass();
});

test('two apps of one changeset may each name what the other brings', async (t) => {
  const { plane } = t.context;
  await commit(
    plane,
    ...placesOf('pair'),
    appThatNeeds('pair', 'catalog', []),
    appThatNeeds('pair', 'shop', ['catalog']),
    deploy('pair', 'shop'),
    deploy('pair', 'catalog'),
  );
  t.deepEqual(
    await plane.rows(
      `select o.name || ' ' || r.name as from, f.path, t.name as to from reference f join resource r on r.id = f.from_id
       join resource o on o.id = r.owner_id join resource t on t.id = f.to_id and t.kind = 'AppInstance'
       join resource p on p.id = r.project_id and p.name = 'pair'`,
    ),
    [{ from: 'shop web', path: 'bindings.0.resource', to: 'catalog' }],
  );
});

test('apps that would wait for each other are refused, with the circle', async (t) => {
  const { plane } = t.context;
  await commit(
    plane,
    ...placesOf('circle'),
    appThatNeeds('circle', 'shop', []),
    appThatNeeds('circle', 'catalog', ['shop']),
    deploy('circle', 'shop'),
    deploy('circle', 'catalog'),
  );
  const closing = [appThatNeeds('circle', 'shop', ['catalog']), deploy('circle', 'shop')];
  const error = await t.throwsAsync(commit(plane, ...closing), { instanceOf: BadInputError });
  t.is(
    error.message,
    'Each of these would wait for the next, in a circle: AppInstance shop -> Workload web -> AppInstance catalog -> Workload web -> AppInstance shop. Remove one of the edges.',
  );
});

test('apps of one changeset that would wait for each other are refused as well', async (t) => {
  const { plane } = t.context;
  const three = ['a', 'b', 'c'] as const;
  const edits = [
    ...placesOf('three'),
    ...three.map((name, index) => appThatNeeds('three', name, [three[(index + 1) % 3] ?? 'a'])),
    ...three.map((name) => deploy('three', name)),
  ];
  await t.throwsAsync(commit(plane, ...edits), {
    message: /AppInstance a -> Workload web -> AppInstance b -> Workload web -> AppInstance c -> /,
  });
});

test('of two commits that each close half of a circle at the same moment, one is refused', async (t) => {
  const { plane } = t.context;
  for (let round = 0; round < 10; round += 1) {
    const project = `race-${round}`;
    const names = ['left', 'right'] as const;
    await commit(
      plane,
      ...placesOf(project),
      ...names.map((name) => appThatNeeds(project, name, [])),
      ...names.map((name) => deploy(project, name)),
    );
    const results = await Promise.allSettled(
      names.map((name, index) =>
        commit(plane, appThatNeeds(project, name, [names[1 - index] ?? 'left']), deploy(project, name)),
      ),
    );
    t.is(results.filter(({ status }) => status === 'fulfilled').length, 1, `round ${round}`);
  }
});

test('a lease is reached through what is as new as the resource, over several steps', async (t) => {
  const { plane } = t.context;
  const project = 'chain';
  await commit(
    plane,
    makeEdit.project(project),
    makeEdit.account('cloud', { project }),
    makeEdit.network('net', { project }),
  );
  const [account] = await plane.rows<{ id: string }>(
    `select id from resource where kind = 'CloudAccount' and name = 'cloud'`,
  );
  t.deepEqual(await plane.rows(`select lease_key as key from resource where name = 'net'`), [
    { key: `CloudAccount/${account?.id}` },
  ]);
});
