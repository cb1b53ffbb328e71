import test, { type ExecutionContext } from 'ava';
import { createSandboxDriver } from '../../drivers/sandbox/driver.js';
import { type Sandbox, startSandbox } from '../../drivers/sandbox/start.js';
import { systemClock } from '../../lib/clock.js';
import { isSecretReference } from '../../lib/kind.js';
import { silentLog } from '../../lib/log.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { eventually } from '../helpers/eventually.js';
import { everyColumn } from '../helpers/every-column.js';
import { startTestServer } from '../helpers/server.js';
import { type CloudRig, createCloudRig, place } from './cloud-rig.js';

const folder = createGuardedFolder('portolan-cloud-kinds-');
let sandbox: Sandbox;

test.before(async () => {
  sandbox = await startSandbox({ folder, seed: 1, log: silentLog, isFast: true });
});
test.after.always(async () => {
  await sandbox?.close();
  removeGuardedFolder(folder);
});

const signal = new AbortController().signal;
const patience = { timeoutMs: 30_000, everyMs: 50 };

test.serial('a network, a cluster in it and its machines come in that order, and go in the other one', async (t) => {
  const rig = await given(t);
  rig.start();
  const nodes = { account: 'cloud', cluster: 'dev', size: 'medium', nodes: 2 };
  const network = await rig.apply('Network', 'dev', place);
  const cluster = await rig.apply('CloudCluster', 'dev', { ...place, network: 'dev' });
  const group = await rig.apply('NodeGroup', 'dev', nodes);
  const { outputs } = await rig.becomes(cluster, 'Healthy');
  t.is(outputs.version, '1.36');
  await rig.becomes(group, 'Healthy');
  t.is(((await rig.becomes(network, 'Healthy')).outputs.subnetIds as readonly string[]).length, 3);

  const driver = createSandboxDriver({
    socketPath: sandbox.socketPath,
    cluster: String(outputs.cluster),
    clock: systemClock,
  });
  t.teardown(() => driver.close());
  const nodeType = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', isNamespaced: false };
  const count = async () => (await driver.list(nodeType, { selector: '', signal })).objects.length;
  t.is(await count(), 2);
  await rig.apply('NodeGroup', 'dev', { ...nodes, nodes: 3 });
  await eventually(async () => {
    if ((await count()) !== 3) throw new Error('not yet');
  }, patience);
  await rig.apply('NodeGroup', 'dev', { ...nodes, nodes: 3, size: 'large' });
  await eventually(async () => {
    const entry = await rig.inCloud(group);
    if (entry?.properties.cpu !== 4 || entry.state !== 'available') throw new Error('not yet');
  }, patience);

  await removeAll(rig, [
    ['Network', 'dev'],
    ['CloudCluster', 'dev'],
    ['NodeGroup', 'dev'],
  ]);
  for (const id of [group, cluster, network]) await rig.isGone(id);
  await t.throwsAsync(driver.version(signal), { message: /its name was not found|was cut/ });
});

test.serial('a bucket that holds something is kept, emptied or left behind, as its policy says', async (t) => {
  const rig = await given(t);
  rig.start();
  const [refuse, empty, retain] = ['refuse', 'empty', 'retain'] as const;
  const ids: Record<string, string> = {};
  for (const onDelete of [refuse, empty, retain]) {
    ids[onDelete] = await rig.apply('Bucket', onDelete, { ...place, onDelete });
  }
  for (const id of Object.values(ids)) {
    await rig.becomes(id, 'Healthy');
    const entry = await rig.inCloud(id);
    if (entry) await rig.control.putIntoBucket(entry, { 'a.txt': 'a' });
  }
  for (const name of Object.keys(ids)) await rig.remove('Bucket', name);
  await rig.isGone(ids.empty ?? '');
  t.is(await rig.inCloud(ids.empty ?? ''), null);
  await rig.isGone(ids.retain ?? '');
  const left = await rig.inCloud(ids.retain ?? '');
  t.deepEqual(left?.contents, { 'a.txt': 'a' });
  t.is(left?.tags['portolan.dev/retained'], 'true');

  const { sdk } = rig;
  const kept = ids.refuse ?? '';
  await eventually(async () => {
    const { node } = await sdk.GetControlledResource({ id: kept });
    const synced = node && 'status' in node ? node.status.conditions.find(({ type }) => type === 'Synced') : null;
    if (synced?.reason !== 'DeleteBlocked') throw new Error(JSON.stringify(synced));
    t.regex(synced.message, /It is not empty|it is not empty: it holds 1 objects/);
  }, patience);
  const entry = await rig.inCloud(kept);
  t.deepEqual(entry?.contents, { 'a.txt': 'a' });
  if (entry) await rig.control.deleteCloudByHand(entry);
  await rig.isGone(kept);
});

test.serial('a service is ordered with the token of its definition, and gives what its definition says', async (t) => {
  const rig = await given(t);
  rig.start();
  const definition = {
    service: 'search',
    token: 'first token',
    outputs: [
      { name: 'url', path: 'endpoint.url' },
      { name: 'key', path: 'keys.admin', secret: true },
      { name: 'shards', path: 'parameters.shards' },
      { name: 'none', path: 'not.there.at.all' },
    ],
  };
  await rig.apply('ManagedServiceDefinition', 'search', definition);
  const spec = { account: 'cloud', definition: 'search', plan: 'small', parameters: { shards: 2 } };
  const id = await rig.apply('ManagedService', 'search', spec);
  const { outputs } = await rig.becomes(id, 'Healthy');
  t.regex(String(outputs.url), /^https:\/\/[0-9a-f]{12}\.search\.example\.com$/);
  t.is(outputs.shards, 2);
  t.true(isSecretReference(outputs.key));
  const before = await rig.inCloud(id);
  t.is(before?.properties.credential, 'first token');

  await rig.apply('ManagedServiceDefinition', 'search', { ...definition, token: 'second token' });
  await eventually(async () => {
    const now = await rig.inCloud(id);
    if (now?.properties.credential !== 'second token') throw new Error('The new token is not used yet.');
  }, patience);
  t.is((await rig.inCloud(id))?.id, before?.id);
  t.deepEqual((await rig.becomes(id, 'Healthy')).outputs.key, outputs.key);
  await rig.remove('ManagedService', 'search');
  await rig.isGone(id);
});

test.serial('a stack takes outputs of others, secret ones too, and keeps what nobody may read', async (t) => {
  const server = await startTestServer(t);
  const rig = await createCloudRig(t, server, sandbox);
  rig.start();
  const db = await rig.apply('Database', 'shop', { ...place, engine: 'postgres', size: 'small', storageGb: 20 });
  const bindings = [{ name: 'db', resource: { kind: 'Database', name: 'shop', scope: 'environment' } }];
  const output = (name: string) => ({ $output: { from: 'db', output: name } });
  const variables = { host: output('host'), password: output('password'), ports: [output('port')], plain: 'x' };
  const echo = await rig.apply('TerraformStack', 'echo', { account: 'cloud', module: 'echo', variables, bindings });
  const cache = await rig.apply('TerraformStack', 'cache', {
    account: 'cloud',
    module: 'cache',
    variables: { name: 'cart' },
  });
  const { outputs } = await rig.becomes(echo, 'Healthy');
  const database = await rig.becomes(db, 'Healthy');
  t.like(outputs, { host: database.outputs.host, ports: [5432], plain: 'x' });
  t.true(isSecretReference(outputs.password));
  const password = (await rig.inCloud(db))?.properties.password;
  t.deepEqual((await rig.inCloud(echo))?.properties.secretVariables, { password });
  const token = (await rig.inCloud(cache))?.suffix ?? '';
  const { auth_token, endpoint } = (await rig.becomes(cache, 'Healthy')).outputs;
  t.true(isSecretReference(auth_token));
  t.regex(String(endpoint), /^cart-/);
  const columns = (await everyColumn(server.database)).join('\n');
  t.true(columns.includes(String(endpoint)), 'The scan sees what is not secret.');
  for (const secret of [String(password), `token-${token}`]) t.false(columns.includes(secret));

  const entry = await rig.inCloud(db);
  if (entry) await rig.control.deleteCloudByHand(entry);
  await eventually(async () => {
    const [now, used] = [await rig.becomes(db, 'Healthy'), await rig.becomes(echo, 'Healthy')];
    if (now.outputs.host === database.outputs.host || used.outputs.host !== now.outputs.host)
      throw new Error('not yet');
  }, patience);
  await rig.remove('TerraformStack', 'echo');
  await rig.isGone(echo);
});

test.serial('a zone comes with its name servers, and its database leaves a last snapshot where it is to', async (t) => {
  const rig = await given(t);
  rig.start();
  const zone = await rig.apply('DomainName', 'example', { account: 'cloud', zone: 'example.com' });
  const { outputs } = await rig.becomes(zone, 'Healthy');
  t.like(outputs, { zone: 'example.com', account: rig.accountId });
  t.is((outputs.nameServers as readonly string[]).length, 2);
  const spec = { ...place, engine: 'mariadb', size: 'small', storageGb: 20, finalSnapshot: true };
  const db = await rig.apply('Database', 'shop', spec);
  await rig.becomes(db, 'Healthy');
  await removeAll(rig, [
    ['DomainName', 'example'],
    ['Database', 'shop'],
  ]);
  await rig.isGone(zone);
  await rig.isGone(db);
  const left = await rig.control.cloudResources({ account: rig.accountId });
  t.deepEqual(
    left.map(({ type, properties }) => [type, properties.engine]),
    [['snapshot', 'mariadb']],
  );
});

test.serial('a database that is protected goes once it says so no more, as it says then', async (t) => {
  const rig = await given(t);
  rig.start();
  const spec = { ...place, engine: 'postgres', size: 'small', storageGb: 20, deletionProtection: true };
  const id = await rig.apply('Database', 'shop', spec);
  await rig.becomes(id, 'Healthy');
  await t.throwsAsync(rig.remove('Database', 'shop'), { message: /while deletionProtection is true/ });
  await rig.apply('Database', 'shop', { ...spec, deletionProtection: false, finalSnapshot: true });
  await rig.remove('Database', 'shop');
  await rig.isGone(id);
  const left = await rig.control.cloudResources({ account: rig.accountId });
  t.deepEqual(
    left.map(({ type }) => type),
    ['snapshot'],
  );
});

test.serial('a gateway gets a name in its domain, which follows its address and goes with it', async (t) => {
  const rig = await given(t);
  rig.start();
  const zone = await rig.apply('DomainName', 'example', { account: 'cloud', zone: 'example.com' });
  const gateway = await rig.apply('Gateway', 'www', {
    runtime: 'dev',
    domain: 'example',
    routes: [{ service: 'web', port: 80 }],
  });
  const record = await eventually(async () => {
    const { resources } = await rig.sdk.ListResources({ filter: { kinds: ['DnsRecord'], ownerId: gateway } });
    const [found] = resources.nodes;
    if (!found) throw new Error('There is none yet.');
    return found.id;
  }, patience);
  t.is((await rig.becomes(record, 'Healthy')).outputs.host, 'www.example.com');
  const made = await rig.inCloud(record);
  t.is(made?.properties.recordType, 'A');

  if (made) await rig.control.editCloudByHand(made, { properties: { values: ['192.0.2.99'] } });
  await eventually(async () => {
    const now = await rig.inCloud(record);
    if (JSON.stringify(now?.properties.values) !== JSON.stringify(made?.properties.values)) throw new Error('not yet');
  }, patience);
  await rig.remove('Gateway', 'www');
  await rig.isGone(record);
  await rig.isGone(gateway);
  await rig.remove('DomainName', 'example');
  await rig.isGone(zone);
  t.deepEqual(await rig.control.cloudResources({ account: rig.accountId }), []);
});

async function removeAll(rig: CloudRig, resources: readonly (readonly [string, string])[]): Promise<void> {
  const environmentOf = (kind: string) => (kind === 'Database' ? { environment: 'dev' } : {});
  const edits = resources.map(([kind, name]) => ({ op: 'DELETE' as const, kind, name, ...environmentOf(kind) }));
  await rig.sdk.Apply({ input: { edits } });
}

async function given(t: ExecutionContext) {
  t.teardown(() => sandbox.control.clearFaults());
  return createCloudRig(t, await startTestServer(t), sandbox);
}
