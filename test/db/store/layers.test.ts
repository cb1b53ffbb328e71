import anyTest, { type TestFn } from 'ava';
import type { JsonObject } from '../../../lib/canonical.js';
import { BadInputError } from '../../../lib/errors.js';
import type { Edit } from '../../../model/changeset.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const commit = ({ store, operator }: TestPlane, edits: readonly Edit[], manager = 'test') =>
  store.commit(makeChangeset(edits, { manager }), operator);

interface Stored {
  readonly spec: JsonObject;
  readonly managers: Record<string, string>;
  readonly generation: number;
}

async function stored(plane: TestPlane, project: string, kind: string, name: string): Promise<Stored | undefined> {
  const [row] = await plane.rows<Stored>(
    `select r.spec, r.managers, r.generation from resource r join resource p on p.id = r.project_id
     where p.name = $1 and r.kind = $2 and r.name = $3`,
    [project, kind, name],
  );
  return row;
}

/** A project with a tier, an environment in it and a default runtime. */
const placesOf = (project: string, environment: JsonObject = {}) => [
  makeEdit.project(project),
  makeEdit.tier('dev', { project }),
  makeEdit.runtime('main', { project, spec: { provider: 'sandbox', default: true } }),
  makeEdit.environment('dev', { project, spec: { tier: 'dev', ...environment } }),
];

const definition = (project: string, spec: JsonObject, name = 'small') =>
  makeEdit.databaseDefinition(name, { op: 'apply', project, spec });

const database = (project: string, spec: JsonObject, name = 'db') =>
  makeEdit.database(name, 'dev', { op: 'apply', project, spec });

/** An app whose database is what its parameters and its instance say. */
const appWithDatabase = (project: string, spec: JsonObject = {}) =>
  makeEdit.app('shop', {
    op: 'apply',
    project,
    spec: {
      parameters: [{ name: 'storage', type: 'int', maximum: 1000 }],
      dependencies: [{ name: 'db', kind: 'Database', definition: 'small', spec }],
      components: [{ name: 'web', type: 'manifests', objects: [configMap('hello', { host: { $from: 'db.host' } })] }],
    },
  });

const deploy = (project: string, spec: JsonObject = {}, given: Partial<Edit> = {}) =>
  makeEdit.instance('shop', 'dev', { op: 'deploy', project, spec: { app: 'shop', ...spec }, ...given });

test('what nobody states comes from the layers, each field in the name of the one that said it', async (t) => {
  const { plane } = t.context;
  const environment = { definitions: [{ kind: 'Database', definition: 'small' }], location: 'europe-paris' };
  await commit(plane, [
    ...placesOf('fills', environment),
    definition('fills', {
      defaults: { engine: 'postgres', storageGb: 50 },
      tiers: [{ tier: 'dev', defaults: { backupDays: 1 } }],
    }),
    database('fills', { size: 'large' }),
  ]);
  const db = await stored(plane, 'fills', 'Database', 'db');
  t.deepEqual(db?.spec, {
    definition: 'small',
    account: 'sandbox',
    location: 'europe-paris',
    engine: 'postgres',
    size: 'large',
    storageGb: 50,
    backupDays: 1,
  });
  t.deepEqual(db?.managers, {
    definition: 'layer:environment/dev',
    account: 'layer:default',
    location: 'layer:environment/dev',
    engine: 'layer:definition/small',
    size: 'test',
    storageGb: 'layer:definition/small',
    backupDays: 'layer:definition/small',
  });
});

test('what is stated no more is filled again, and what an update leaves as it is stays the layer’s', async (t) => {
  const { plane } = t.context;
  await commit(plane, [
    ...placesOf('again'),
    definition('again', { defaults: { engine: 'postgres', storageGb: 50 } }),
    database('again', { definition: 'small', storageGb: 70 }),
  ]);
  t.is((await stored(plane, 'again', 'Database', 'db'))?.spec.storageGb, 70);
  await commit(plane, [database('again', { definition: 'small' })]);
  const db = await stored(plane, 'again', 'Database', 'db');
  t.is(db?.spec.storageGb, 50);
  await commit(plane, [{ ...database('again', { ...db?.spec, size: 'large' }), op: 'update' }]);
  t.like((await stored(plane, 'again', 'Database', 'db'))?.managers, {
    storageGb: 'layer:definition/small',
    size: 'test',
  });
});

test('a change of a definition reaches what is of it at once, and what cannot change stays', async (t) => {
  const { plane } = t.context;
  await commit(plane, [
    ...placesOf('follows'),
    definition('follows', { defaults: { engine: 'postgres', storageGb: 50, location: 'europe-paris' } }),
    database('follows', { definition: 'small', size: 'large' }),
    appWithDatabase('follows'),
    deploy('follows'),
  ]);
  await commit(plane, [
    definition('follows', { defaults: { engine: 'postgres', storageGb: 60, size: 'small', location: 'local' } }),
  ]);
  const specs = await plane.rows<Stored>(
    `select r.spec, r.generation from resource r join resource p on p.id = r.project_id and p.name = 'follows'
     where r.kind = 'Database' order by r.owner_id nulls first`,
  );
  t.like(specs[0], { generation: 2, spec: { storageGb: 60, size: 'large', location: 'europe-paris' } });
  t.like(specs[1], { generation: 2, spec: { storageGb: 60, size: 'small', location: 'europe-paris' } });
  const deployments = await plane.rows<{ resolved: { pins: { kind: string; generation: number }[] } }>(
    `select d.resolved from app_deployment d join resource i on i.id = d.instance_id
     join resource p on p.id = i.project_id and p.name = 'follows' order by d.number`,
  );
  t.deepEqual(
    deployments.map(({ resolved }) => resolved.pins.find(({ kind }) => kind === 'DatabaseDefinition')?.generation),
    [1, 2],
  );
});

test('a change that needs approval reaches a resource when it is refreshed', async (t) => {
  const { plane } = t.context;
  const careful = (storageGb: number, more: JsonObject = {}) =>
    definition('careful', { changes: 'approval', defaults: { engine: 'postgres', storageGb, ...more } });
  await commit(plane, [
    ...placesOf('careful'),
    careful(50),
    database('careful', { definition: 'small', size: 'large' }),
    appWithDatabase('careful'),
    deploy('careful'),
  ]);
  await commit(plane, [careful(60, { multiZone: true })]);
  await commit(plane, [
    database('careful', { definition: 'small', size: 'medium' }),
    deploy('careful', { parameters: { storage: 1 } }),
  ]);
  const specs = () =>
    plane.rows<{ storageGb: number; multiZone: boolean | null }>(
      `select (r.spec -> 'storageGb')::int as "storageGb", (r.spec ->> 'multiZone')::boolean as "multiZone" from resource r
       join resource p on p.id = r.project_id and p.name = 'careful' where r.kind = 'Database'`,
    );
  const before = { storageGb: 50, multiZone: null };
  const after = { storageGb: 60, multiZone: true };
  t.deepEqual(await specs(), [before, before]);
  const refresh = ({ spec: _, ...edit }: Edit): Edit => ({ ...edit, op: 'refresh' });
  await commit(plane, [refresh(database('careful', {})), refresh(deploy('careful'))]);
  t.deepEqual(await specs(), [after, after]);
});

test('a violation names the rule, whose it is, and what is allowed', async (t) => {
  const { plane } = t.context;
  const guardrails = { maxima: [{ path: 'storageGb', maximum: 100 }] };
  await commit(
    plane,
    [...placesOf('guarded'), definition('guarded', { defaults: { engine: 'postgres' }, guardrails })],
    'ops',
  );
  const error = await t.throwsAsync(commit(plane, [database('guarded', { definition: 'small', storageGb: 500 })]), {
    instanceOf: BadInputError,
  });
  t.is(
    error.message,
    'Database db: storageGb is 500, and at most 100 is allowed. The rule is `maxima` of DatabaseDefinition small of project guarded, set by ops.',
  );
  t.deepEqual(error.details, {
    path: ['edits', 0, 'spec', 'storageGb'],
    rule: 'maxima',
    owner: 'DatabaseDefinition small of project guarded, set by ops',
    allowed: { maximum: 100 },
  });
});

test('guardrails hold for what an app brings, and the error leads to what the instance said', async (t) => {
  const { plane } = t.context;
  const guardrails = { maxima: [{ path: 'storageGb', maximum: 100 }], open: ['storageGb'] };
  await commit(plane, [
    ...placesOf('brings'),
    definition('brings', { defaults: { engine: 'postgres' }, guardrails }),
    appWithDatabase('brings', { storageGb: { $from: 'parameters.storage' } }),
  ]);
  const refusedAt = async (spec: JsonObject, path: readonly (string | number)[], said: RegExp) => {
    const error = await t.throwsAsync(commit(plane, [deploy('brings', spec)]), {
      instanceOf: BadInputError,
      message: said,
    });
    t.deepEqual(error.details.path, ['edits', 0, 'spec', ...path]);
  };
  await refusedAt({ parameters: { storage: 500 } }, ['parameters'], /storageGb is 500, and at most 100 is allowed/);
  await refusedAt(
    { dependencies: { db: { spec: { storageGb: 500 } } } },
    ['dependencies', 'db', 'spec', 'storageGb'],
    /storageGb is 500/,
  );
  await refusedAt(
    { dependencies: { db: { spec: { size: 'large' } } } },
    ['dependencies', 'db', 'spec', 'size'],
    /size is set, and only storageGb may be/,
  );
  await refusedAt(
    { dependencies: { db: { spec: { storageGb: 'much' } } } },
    ['dependencies', 'db', 'spec', 'storageGb'],
    /must be an integer/,
  );
  await refusedAt({ parameters: { storage: 5000 } }, ['parameters', 'storage'], /must be at most 1000/);
  await commit(plane, [deploy('brings', { parameters: { storage: 70 } })]);
  const db = await stored(plane, 'brings', 'Database', 'db');
  t.is(db?.spec.storageGb, 70);
  t.is(db?.managers.storageGb, 'layer:instance');
});

test('a definition that would make what is there not allowed is refused, naming each', async (t) => {
  const { plane } = t.context;
  await commit(plane, [
    ...placesOf('narrows'),
    definition('narrows', { defaults: { engine: 'postgres' } }),
    appWithDatabase('narrows', { storageGb: 80 }),
    deploy('narrows'),
    database('narrows', { definition: 'small', storageGb: 90 }, 'other'),
  ]);
  const narrower = definition('narrows', {
    defaults: { engine: 'postgres' },
    guardrails: { maxima: [{ path: 'storageGb', maximum: 50 }] },
  });
  const standalone = await t.throwsAsync(commit(plane, [narrower]), { instanceOf: BadInputError });
  t.regex(standalone.message, /Database other: storageGb is 90/);
  await commit(plane, [makeEdit.delete(database('narrows', {}, 'other'))]);
  const owned = await t.throwsAsync(commit(plane, [narrower]), { instanceOf: BadInputError });
  t.regex(owned.message, /Database db of AppInstance shop: storageGb is 80, and at most 50 is allowed/);
});

test('what no layer says and has to be said is named, with the definitions that there are', async (t) => {
  const { plane } = t.context;
  await commit(plane, [...placesOf('lacks'), definition('lacks', {}), definition('lacks', {}, 'large')]);
  const missing = (spec: JsonObject) =>
    t.throwsAsync(commit(plane, [database('lacks', spec)]), { instanceOf: BadInputError });
  const error = await missing({});
  t.is(
    error.message,
    'Nothing says `engine` of Database db: state it, or name a definition; definitions here: large, small.',
  );
  t.deepEqual(error.details.path, ['edits', 0, 'spec', 'engine']);
  t.regex((await missing({ definition: 'small' })).message, /state it, or let DatabaseDefinition small say it/);
  await t.throwsAsync(commit(plane, [database('lacks', { definition: 'huge' })]), {
    message: /There is no DatabaseDefinition huge/,
  });
});

test('a tier allows what it lists', async (t) => {
  const { plane } = t.context;
  const allowedDefinitions = [{ kind: 'Database', definitions: ['small'] }];
  await commit(plane, [
    ...placesOf('listed'),
    makeEdit.tier('prod', { project: 'listed', spec: { order: 9, allowedDefinitions } }),
    makeEdit.environment('live', { project: 'listed', spec: { tier: 'prod' } }),
    definition('listed', { defaults: { engine: 'postgres' } }),
  ]);
  const live = (spec: JsonObject) => ({ ...database('listed', spec), environment: 'live' });
  await t.throwsAsync(commit(plane, [live({ engine: 'postgres' })]), {
    message:
      'Database db: it names no definition, and only small is allowed. The rule is `allowedDefinitions` of Tier prod of project listed, set by test.',
  });
  await t.notThrowsAsync(commit(plane, [live({ definition: 'small' })]));
});

test('a changed environment reaches what is in it', async (t) => {
  const { plane } = t.context;
  await commit(plane, [
    ...placesOf('moves'),
    database('moves', { engine: 'postgres' }),
    definition('moves', { defaults: { engine: 'postgres' } }),
    appWithDatabase('moves'),
    deploy('moves'),
  ]);
  const defaults = [{ kind: 'Database', spec: { backupDays: 9 } }];
  await commit(plane, [
    makeEdit.environment('dev', { op: 'apply', project: 'moves', spec: { tier: 'dev', defaults } }),
  ]);
  t.deepEqual(
    await plane.rows(
      `select r.spec -> 'backupDays' as days from resource r join resource p on p.id = r.project_id and p.name = 'moves'
       where r.kind = 'Database'`,
    ),
    [{ days: 9 }, { days: 9 }],
  );
});

test('a definition is offered like anything else, and what it names is where it is', async (t) => {
  const { plane } = t.context;
  const offerOf = (kind: string, name: string) =>
    makeEdit.offer(`${name}-offer`, {
      project: 'givers',
      spec: { resource: { kind, name, scope: 'project' }, projects: ['*'] },
    });
  await commit(plane, [
    ...placesOf('givers'),
    makeEdit.account('cloud', { project: 'givers', spec: { provider: 'sandbox', location: 'europe-paris' } }),
    definition('givers', { defaults: { engine: 'postgres', account: 'cloud' } }),
    ...placesOf('takers'),
  ]);
  const taken = () => commit(plane, [database('takers', { definition: 'givers/small' })]);
  await t.throwsAsync(taken(), {
    message: /DatabaseDefinition small of project givers is not offered to project takers/,
  });
  await commit(plane, [offerOf('DatabaseDefinition', 'small')]);
  await t.throwsAsync(taken(), { message: /CloudAccount cloud of project givers is not offered/ });
  await commit(plane, [offerOf('CloudAccount', 'cloud')]);
  await taken();
  t.like((await stored(plane, 'takers', 'Database', 'db'))?.spec, {
    account: 'givers/cloud',
    location: 'europe-paris',
  });
});

test('one account of a project is its default at most', async (t) => {
  const { plane } = t.context;
  const account = (name: string) =>
    makeEdit.account(name, { project: 'accounts', spec: { provider: 'sandbox', default: true } });
  await commit(plane, [makeEdit.project('accounts'), account('one')]);
  await t.throwsAsync(commit(plane, [account('two')]), {
    message: /CloudAccount one of this project is the default already/,
  });
});

test('a changed definition reaches a thousand instances within seconds, and by few statements', async (t) => {
  const { plane } = t.context;
  const names = Array.from({ length: 1000 }, (_, index) => `db-${index}`);
  await commit(plane, [
    ...placesOf('many'),
    definition('many', { defaults: { engine: 'postgres' } }),
    ...names.map((name) => database('many', { definition: 'small' }, name)),
  ]);
  const start = performance.now();
  await commit(plane, [definition('many', { defaults: { engine: 'postgres', storageGb: 30 } })]);
  const took = performance.now() - start;
  t.log(`1,000 databases in ${Math.round(took)} ms`);
  t.true(took < 20_000);
  const [count] = await plane.rows(
    `select count(*)::int as count from resource r join resource p on p.id = r.project_id and p.name = 'many'
     where r.kind = 'Database' and r.spec ->> 'storageGb' = '30' and r.generation = 2`,
  );
  t.deepEqual(count, { count: 1000 });
});
