import test, { type ExecutionContext } from 'ava';
import { UnreachableError } from '../../../drivers/kubernetes/errors.js';
import { make } from '../make.js';
import { configMaps, healthOf, keyOf, podsIn, signal, type } from '../steps.js';
import { create, key, tags } from './cloud-steps.js';
import { makeCloud } from './make-cloud.js';
import { manualCloud } from './manual-cloud.js';

const nodesOf = type('v1', 'Node', 'nodes', false);
const unforced = { force: false, signal };

test('a cluster answers once it is available, and no earlier', async (t) => {
  const { driver, cluster, clock } = manualCloud(t);
  const kubernetes = cluster('cloud-dev');
  await t.throwsAsync(kubernetes.version(signal), { instanceOf: UnreachableError, message: /its name was not found/ });
  await create(driver, key('network', 'dev'), makeCloud.network());
  clock.step(200);
  await create(driver, key('cluster', 'dev'), makeCloud.cluster('dev', 'cloud-dev'));
  clock.step(100);
  await t.throwsAsync(kubernetes.version(signal), { instanceOf: UnreachableError });
  clock.step(1000);
  t.regex(await kubernetes.version(signal), /^v1\./);
});

test('has the nodes of its node groups, and its pods wait for the first', async (t) => {
  const { driver, cluster, clock } = await withCluster(t);
  const kubernetes = cluster('cloud-dev');
  const web = make.deployment('default', 'web');
  await kubernetes.apply(web, unforced);
  clock.step(1000);
  t.regex((await healthOf(kubernetes, keyOf(web))).message, /0\/0 nodes are available/);
  await create(driver, key('nodeGroup', 'dev'), makeCloud.nodeGroup('dev', 2));
  clock.step(1000);
  t.is((await kubernetes.list(nodesOf, { selector: '', signal })).objects.length, 2);
  t.is((await healthOf(kubernetes, keyOf(web))).health, 'Healthy');
  await driver.update(key('nodeGroup', 'dev'), { properties: makeCloud.nodeGroup('dev', 5), tags }, signal);
  clock.step(1000);
  t.is((await kubernetes.list(nodesOf, { selector: '', signal })).objects.length, 5);
  await driver.delete(key('nodeGroup', 'dev'), null, signal);
  clock.step(1000);
  t.is((await kubernetes.list(nodesOf, { selector: '', signal })).objects.length, 0);
});

test('is gone with all in it when it was deleted, and made anew it is empty', async (t) => {
  const { driver, cluster, clock } = await withCluster(t);
  const kubernetes = cluster('cloud-dev');
  await kubernetes.apply(make.configMap('default', 'chart', {}, { sea: 'north' }), unforced);
  await driver.delete(key('cluster', 'dev'), null, signal);
  clock.step(1000);
  await t.throwsAsync(kubernetes.version(signal), { instanceOf: UnreachableError });
  await create(driver, key('cluster', 'dev'), makeCloud.cluster('dev', 'cloud-dev'));
  clock.step(1000);
  t.deepEqual((await kubernetes.list(configMaps, { selector: 'sea=north', signal })).objects, []);
});

test('is gone when a hand deleted it', async (t) => {
  const { control, cluster, place } = await withCluster(t);
  await control.deleteCloudByHand(place('cluster', 'dev'));
  await t.throwsAsync(cluster('cloud-dev').version(signal), { instanceOf: UnreachableError });
});

test('a cluster that no cloud made is there when it is first asked for', async (t) => {
  const { cluster } = await withCluster(t);
  t.regex(await cluster('0190c0de').version(signal), /^v1\./);
  t.deepEqual(await podsIn(cluster('0190c0de'), 'default'), []);
});

async function withCluster(t: ExecutionContext) {
  const cloud = manualCloud(t);
  await create(cloud.driver, key('network', 'dev'), makeCloud.network());
  cloud.clock.step(1000);
  await create(cloud.driver, key('cluster', 'dev'), makeCloud.cluster('dev', 'cloud-dev'));
  cloud.clock.step(1000);
  return cloud;
}
