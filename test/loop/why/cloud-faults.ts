import type { Fault } from '../../../drivers/sandbox/faults.js';
import type { JsonObject } from '../../../lib/canonical.js';
import type { FaultCase, Injected, WhyWorld } from './fault-case.js';
import { given } from './objects.js';

const { component, configMap } = given;
const settings = configMap('settings');
const database = { engine: 'postgres', size: 'small', storageGb: 20 };

/** What goes wrong in clouds. The app is asked about, and the cause is at its dependency, or farther. */
export const cloudFaults: readonly FaultCase[] = [
  ofDatabase(
    'a cloud that is asked too much',
    { kind: 'throttle', retryAfterMs: 200 },
    /^CloudAccount\//,
    'Throttled',
    /rate of requests/,
  ),
  ofDatabase(
    'a limit of a cloud',
    { kind: 'quota', match: { kind: 'database' }, limit: 0 },
    'Database/db',
    'QuotaExceeded',
    /limit/,
  ),
  ofDatabase(
    'credentials that a cloud does not take any more',
    { kind: 'unauthorized' },
    /^CloudAccount\//,
    'CredentialRefused',
    /credential/,
  ),
  ofDatabase(
    'a cloud that nobody answers for',
    { kind: 'apiDown' },
    /^CloudAccount\//,
    'CloudUnreachable',
    /Cannot reach the cloud/,
  ),
  ofDatabase('a cloud that answers 500', { kind: 'serverError' }, /^CloudAccount\//, 'ObjectFailed', /internal error/),
  ofDatabase(
    'an action that a cloud denies',
    { kind: 'forbidden', match: { kind: 'database', verb: 'create' } },
    'Database/db',
    'MissingRights',
    /may not do database:create/,
  ),
  ofDatabase(
    'a creation that a cloud gives up',
    { kind: 'creationFails', match: { kind: 'database' }, message: 'no capacity of that size in the zone' },
    'Database/db',
    'ObjectFailed',
    /no capacity of that size/,
  ),
  {
    title: 'a disk that is full, until it is larger',
    expected: { resource: 'Database/db', reason: 'ObjectFailed', says: /storage|disk|full/ },
    inject: (world, slug) => onceWell(world, slug, { kind: 'diskFull', match: { kind: 'database' } }),
  },
  {
    title: 'a database that works badly, until it does not',
    expected: { resource: 'Database/db', reason: 'ObjectFailed', says: /replication lags/ },
    inject: (world, slug) =>
      onceWell(world, slug, { kind: 'impaired', match: { kind: 'database' }, message: 'replication lags' }),
  },
  {
    title: 'a database that apps share and that works badly',
    expected: { resource: /^Database\/.*-shared$/, reason: 'ObjectFailed', says: /replication lags/ },
    async inject(world, slug) {
      const account = await world.addAccount(slug);
      const name = `${slug}-shared`;
      const id = await world.make('Database', name, { ...database, account: slug, location: 'local' });
      await world.settled(id);
      const shared = { name: 'db', kind: 'Database', shared: { kind: 'Database', name, scope: 'environment' } };
      const app = await world.deploy(slug, [withHost], { dependencies: [shared] });
      await world.settled(app.id);
      const faultId = await world.control.setFault({
        kind: 'impaired',
        match: { account, kind: 'database' },
        message: 'replication lags',
      });
      return { id: app.id, mend: () => world.control.clearFaults(faultId) };
    },
  },
  {
    title: 'a change that a cloud cannot make in place',
    expected: { resource: 'Database/db', reason: 'Immutable', says: /engine: "postgres" -> "mysql"/ },
    async inject(world, slug) {
      await world.addAccount(slug);
      const app = await deployWith(world, slug, dependency(slug));
      await world.settled(app.id);
      await deployWith(world, slug, dependency(slug, { engine: 'mysql' }));
      return { id: app.id };
    },
  },
  {
    title: 'credentials that were wrong from the beginning',
    expected: { resource: /^CloudAccount\//, reason: 'CredentialRefused', says: /not valid/ },
    async inject(world, slug) {
      await world.make('CloudAccount', slug, { provider: 'sandbox', credentials: { keyId: 'wrong', key: 'wrong' } });
      return { id: (await deployWith(world, slug, dependency(slug))).id };
    },
  },
  {
    title: 'an output that a stack never gives',
    expected: { resource: 'Workload/web', reason: 'OutputMissing', says: /endpoint/ },
    async inject(world, slug) {
      await world.addAccount(slug);
      return { id: (await world.deploy(slug, [withEndpoint], { dependencies: [stack(slug, { color: 'red' })] })).id };
    },
  },
  {
    title: 'an output that a stack gave and gives no more',
    expected: { resource: 'TerraformStack/stack', reason: 'OutputVanished', says: /endpoint/ },
    async inject(world, slug) {
      await world.addAccount(slug);
      const variables = { endpoint: 'a.example.com', color: 'red' };
      const app = await world.deploy(slug, [withEndpoint], { dependencies: [stack(slug, variables)] });
      await world.settled(app.id);
      await world.deploy(slug, [withEndpoint], { dependencies: [stack(slug, { color: 'red' })] });
      return { id: app.id };
    },
  },
  {
    title: 'a variable that a module lacks',
    expected: { resource: 'TerraformStack/stack', reason: 'Invalid', says: /variable name is missing/ },
    async inject(world, slug) {
      await world.addAccount(slug);
      const dependencies = [stack(slug, {}, 'cache')];
      return { id: (await world.deploy(slug, [component('web', settings)], { dependencies })).id };
    },
  },
  {
    title: 'a bucket that holds something while the app is deleted',
    expected: { resource: 'Bucket/files', reason: /Terminating|DeleteBlocked/, says: /not empty|holds/ },
    async inject(world, slug) {
      const account = await world.addAccount(slug);
      const bucket = { name: 'files', kind: 'Bucket', spec: { account: slug, location: 'local' } };
      const app = await world.deploy(slug, [component('web', settings)], { dependencies: [bucket] });
      await world.settled(app.id);
      const [made] = await world.control.cloudResources({ account });
      if (!made) throw new Error('There is no bucket.');
      await world.control.putIntoBucket(made, { 'a.txt': 'hello' });
      await world.apply({ op: 'DELETE', kind: 'AppInstance', name: app.name, environment: 'dev' });
      return { id: app.id };
    },
  },
  {
    title: 'the cluster that a runtime is made of, far below the app',
    expected: { resource: /^CloudCluster\//, reason: 'ObjectFailed', says: /no such version/ },
    async inject(world, slug) {
      const account = await world.addAccount(slug);
      const fault = { kind: 'creationFails', match: { account, kind: 'cluster' }, message: 'no such version' } as const;
      const faultId = await world.control.setFault(fault);
      await world.make('KubernetesRuntime', slug, { provider: 'cloud', account: slug, location: 'local' });
      const app = await world.deploy(slug, [component('web', settings)], { runtime: slug });
      return { id: app.id, mend: () => world.control.clearFaults(faultId) };
    },
  },
];

/** It takes the host of the database `db`. */
const withHost = {
  ...component('web', { ...settings, data: { host: { $from: 'db.host' } } }),
};
const withEndpoint = component('web', { ...settings, data: { endpoint: { $from: 'stack.endpoint' } } });

function dependency(account: string, spec: JsonObject = {}) {
  return { name: 'db', kind: 'Database', spec: { ...database, account, location: 'local', ...spec } };
}

function stack(account: string, variables: JsonObject, module = 'echo') {
  return { name: 'stack', kind: 'TerraformStack', spec: { account, module, variables } };
}

function deployWith(world: WhyWorld, slug: string, db: ReturnType<typeof dependency>) {
  return world.deploy(slug, [withHost], { dependencies: [db] });
}

/** An app comes with a database in an account of its own, in which something is wrong from the beginning. */
function ofDatabase(title: string, fault: Fault, resource: string | RegExp, reason: string, says: RegExp): FaultCase {
  return {
    title,
    expected: { resource, reason, says },
    async inject(world, slug): Promise<Injected> {
      const account = await world.addAccount(slug);
      const faultId = await world.control.setFault({ ...fault, match: { ...fault.match, account } });
      const { id } = await deployWith(world, slug, dependency(slug));
      return { id, mend: () => world.control.clearFaults(faultId) };
    },
  };
}

/** The same where all was well before. */
async function onceWell(world: WhyWorld, slug: string, fault: Fault): Promise<Injected> {
  const account = await world.addAccount(slug);
  const { id } = await deployWith(world, slug, dependency(slug));
  await world.settled(id);
  const faultId = await world.control.setFault({ ...fault, match: { ...fault.match, account } });
  return { id, mend: () => world.control.clearFaults(faultId) };
}
