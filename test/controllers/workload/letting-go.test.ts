import test from 'ava';
import { NotMadeError } from '../../../controllers/cluster/not-made-error.js';
import { createMemoryTransport } from '../../../drivers/sandbox/memory-transport.js';
import { make, runtimeId, workloadId } from '../make.js';
import { createRig } from './provider-rig.js';

const signal = new AbortController().signal;
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-1111111111' } };
const workload = () => make.workload({ objects: [namespace] as never });

test('lets a workload go whose cluster was never made, and keeps one that may have something there', async (t) => {
  const rig = createRig();
  rig.unmake();
  rig.client.put(workload());
  await t.throwsAsync(rig.pass(), { instanceOf: NotMadeError });
  rig.client.requestDeletion(workloadId);
  await rig.vanish();
  await rig.close();

  const other = createRig();
  other.client.put(workload());
  await other.settle();
  other.unmake();
  other.client.requestDeletion(workloadId);
  await t.throwsAsync(other.pass(), { instanceOf: NotMadeError });
  t.truthy(other.client.peek(workloadId));
  await other.close();
});

test('takes over again what it had let go, and takes away nothing that it had set', async (t) => {
  const rig = createRig();
  const { apiVersion, kind, spec } = make.deployment();
  const path = '/apis/apps/v1/namespaces/shop-1111111111/deployments';
  const transport = createMemoryTransport(rig.world, runtimeId);
  await transport.request({ method: 'POST', path: '/api/v1/namespaces', body: namespace, signal });
  const body = { apiVersion, kind, metadata: { name: 'web' }, spec };
  await transport.request({ method: 'POST', path, body, signal });
  const uid = () => [...rig.world.cluster(runtimeId).store.all()].find((each) => each.kind === kind)?.metadata.uid;
  const before = uid();
  const taken = (version = 2) =>
    make.workload({
      objects: [make.deployment('web', `example.com/web:${version}`)] as never,
      policy: { adopt: ['Deployment/web'] },
    });
  const image = () => {
    const left = [...rig.world.cluster(runtimeId).store.all()].find((each) => each.kind === kind);
    return JSON.stringify(left).match(/"image":"([^"]+)"/)?.[1];
  };
  for (let time = 1; time <= 2; time += 1) {
    rig.client.put(taken());
    await rig.settle();
    rig.client.requestDeletion(workloadId);
    await rig.vanish();
    t.is(uid(), before, 'it stays');
  }
  t.is(image(), 'example.com/web:2');

  rig.client.put(taken(3));
  await rig.settle();
  t.is(image(), 'example.com/web:3', 'and is healthy only as the render of now wants it');
  t.is(uid(), before);
  await rig.close();
});
