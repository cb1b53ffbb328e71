import test from 'ava';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { createWorldControl } from '../../../drivers/sandbox/world-control.js';
import { createManualClock } from '../../../lib/clock.js';
import { LeaseLostError } from '../../../sdk/runtime/leases.js';
import { eventually } from '../../helpers/eventually.js';
import { make, runtimeId, workloadId } from '../make.js';
import { createRig } from './provider-rig.js';

const signal = new AbortController().signal;

const names = (objects: readonly KubernetesObject[]) =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-1111111111' } };
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db' },
  stringData: { password: { $secret: { id: 'secret-1', version: 1 } } },
};
const all = [namespace, make.configMap(), secret, make.service(), make.deployment()];
const everything = ['ConfigMap/settings', 'Deployment/web', 'Namespace/shop-1111111111', 'Secret/db', 'Service/web'];
const workload = (objects: readonly unknown[] = all) => make.workload({ objects: objects as never });
const secrets = [{ id: 'secret-1', version: 1, name: null, value: 'hunter2' }];

test('waits for a cluster that wants to be asked less, for as long as it says, and goes on where it was', async (t) => {
  const rig = createRig();
  rig.client.secrets = secrets;
  rig.client.put(workload());
  rig.world.faults.set({ kind: 'throttle', match: { verb: 'apply', kind: 'Service' }, count: 1, retryAfterMs: 2500 });
  const outcome = await rig.pass();
  t.like(outcome, { type: 'waiting', retryAfterMs: 2500 });
  t.regex(outcome.type === 'waiting' ? outcome.for : '', /too many requests/);
  const begun = new Map(rig.ours().map(({ kind, metadata }) => [kind, metadata.uid]));
  t.true(begun.has('ConfigMap') && !begun.has('Service'));
  await rig.settle();
  t.deepEqual(names(rig.ours()), everything);
  t.is(rig.ours().find(({ kind }) => kind === 'ConfigMap')?.metadata.uid, begun.get('ConfigMap'));
  await rig.close();
});

test('no object is written after the deadline of the lease, and that is no failure of the workload', async (t) => {
  const clock = createManualClock();
  const rig = createRig(clock, clock.now() + 10_000);
  rig.client.put(workload([namespace, secret]));
  // It takes so long to be told them.
  rig.client.releaseCredential = async () => {
    clock.step(12_000);
    return secrets;
  };
  await t.throwsAsync(rig.pass(), { instanceOf: LeaseLostError });
  t.deepEqual(names(rig.ours()), ['Namespace/shop-1111111111']);
  t.deepEqual(rig.client.peek(workloadId)?.status.conditions, []);
  await rig.close();
});

test('deploys a workload until it is healthy, and then does nothing more', async (t) => {
  const rig = createRig();
  rig.client.secrets = secrets;
  rig.client.put(workload());
  await rig.settle();
  t.deepEqual(names(rig.ours()), everything);
  t.deepEqual(
    rig.client
      .inventory(workloadId)
      .map(({ kind, state, uid }) => `${kind} ${state} ${uid !== null}`)
      .sort(),
    everything.map((name) => `${name.split('/')[0]} present true`),
  );
  const versions = () => rig.ours().map(({ metadata }) => metadata.resourceVersion);
  const before = versions();
  const writes = rig.client.statusWrites;
  await rig.pass();
  await rig.pass();
  rig.restart();
  await rig.pass();
  t.deepEqual(versions(), before);
  t.is(rig.client.statusWrites, writes);
  t.is(rig.client.peek(workloadId)?.status.outputs.url?.value, 'http://web.shop-1111111111.svc.cluster.local');
  await rig.close();
});

test('puts the plaintext of a secret into the cluster, and into nothing else', async (t) => {
  const rig = createRig();
  rig.client.secrets = secrets;
  rig.client.put(workload());
  await rig.settle();
  const stored = rig.ours().find(({ kind }) => kind === 'Secret');
  t.deepEqual(stored?.data, { password: Buffer.from('hunter2').toString('base64') });
  const said = JSON.stringify([rig.client.peek(workloadId), rig.client.inventory(workloadId)]);
  t.notRegex(said, /hunter2|aHVudGVyMg/);
  await rig.close();
});

test('puts back what a hand changed or deleted', async (t) => {
  const rig = createRig();
  rig.client.secrets = secrets;
  rig.client.put(workload());
  await rig.settle();
  const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop-1111111111', name: 'settings' };
  const { uid = '' } = (await rig.driver.get(key, signal))?.metadata ?? {};
  await rig.driver.delete(key, { uid, signal });
  await rig.settle();
  const again = await eventually(
    async () => {
      await rig.pass();
      const found = await rig.driver.get(key, signal);
      if (!found) throw new Error('It is not there.');
      return found;
    },
    { timeoutMs: 5000 },
  );
  t.not(again.metadata.uid, uid);
  await rig.close();
});

test('what somebody changes again at once is put back five times, and then left for a while and told of', async (t) => {
  const rig = createRig();
  rig.client.put(workload([namespace, make.configMap()]));
  await rig.settle();
  const control = createWorldControl(rig.world);
  const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop-1111111111', name: 'settings' };
  const edit = (color: string) => control.editByHand(runtimeId, key, { data: { color } }, 'quarrel');
  const colorAfterPass = async () => {
    await rig.pass();
    return ((await rig.driver.get(key, signal))?.data as { color?: string }).color;
  };
  for (const color of ['1', '2', '3', '4', '5']) {
    await edit(color);
    await eventually(
      async () => {
        const seen = await colorAfterPass();
        if (seen !== 'blue') throw new Error(`It is ${seen}.`);
      },
      { timeoutMs: 5000 },
    );
  }
  await edit('6');
  const { message } = await eventually(
    async () => {
      await rig.pass();
      const synced = rig.client.peek(workloadId)?.status.conditions.find(({ type }) => type === 'Synced');
      if (synced?.reason !== 'Drifted') throw new Error(`SYNCED is ${synced?.reason}.`);
      return synced;
    },
    { timeoutMs: 5000 },
  );
  t.regex(message, /changed by quarrel: data\.color: "blue" <- "6".*policy\.yieldTo/);
  t.is(await colorAfterPass(), '6');
  await rig.close();
});

test('keeps exactly one of everything, however often it is killed after a write', async (t) => {
  for (let writes = 1; writes <= everything.length; writes++) {
    const rig = createRig();
    rig.client.secrets = secrets;
    rig.client.put(workload());
    let left = writes;
    const kill = (name: string) => {
      if (name === 'afterApply' && --left === 0) throw new Error('killed');
    };
    await t.throwsAsync(rig.pass(kill), { message: 'killed' }, `after write ${writes}`);
    rig.restart();
    await rig.settle();
    t.deepEqual(names(rig.ours()), everything);
    await rig.close();
  }
});

test('prunes what is no longer desired, and leaves what it does not own', async (t) => {
  const rig = createRig();
  rig.client.secrets = secrets;
  rig.client.put(workload());
  await rig.settle();
  const foreign = { ...make.configMap('theirs'), metadata: { name: 'theirs', namespace: 'shop-1111111111' } };
  await rig.driver.apply(foreign, { force: false, signal });
  rig.client.put(workload([namespace, make.deployment()]));
  await eventually(
    async () => {
      await rig.pass();
      if (names(rig.ours()).length > 2) throw new Error(names(rig.ours()).join());
    },
    { timeoutMs: 5000 },
  );
  t.deepEqual(names(rig.ours()), ['Deployment/web', 'Namespace/shop-1111111111']);
  t.truthy(
    await rig.driver.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop-1111111111', name: 'theirs' }, signal),
  );
  await rig.close();
});

test('removes all that it made, the namespace last, and then it is gone itself', async (t) => {
  const rig = createRig();
  rig.client.secrets = secrets;
  rig.client.put(workload());
  await rig.settle();
  rig.client.requestDeletion(workloadId);
  await rig.vanish();
  t.deepEqual(names(rig.ours()), []);
  t.deepEqual(rig.client.inventory(workloadId), []);
  await rig.close();
});

test('never deletes a namespace that was there before, nor what is in it', async (t) => {
  const rig = createRig();
  await rig.driver.apply(namespace, { force: false, signal });
  rig.client.put(workload([namespace, make.configMap()]));
  await rig.settle();
  rig.client.requestDeletion(workloadId);
  await rig.vanish();
  t.truthy(
    await rig.driver.get({ apiVersion: 'v1', kind: 'Namespace', namespace: null, name: 'shop-1111111111' }, signal),
  );
  await rig.close();
});

test('says that the cluster is away, deletes nothing, and goes on when it is back', async (t) => {
  const rig = createRig();
  rig.client.secrets = secrets;
  rig.client.put(workload());
  await rig.settle();
  rig.world.faults.set({ kind: 'apiDown', match: { cluster: runtimeId } });
  rig.world.faultsChanged();
  rig.restart();
  await t.throwsAsync(rig.pass());
  const { status } = rig.client.peek(workloadId) ?? {};
  t.is(status?.health, 'Unknown');
  t.like(status?.conditions[0], { type: 'Ready', status: 'Unknown', reason: 'RuntimeUnreachable' });
  t.is(rig.client.inventory(workloadId).length, everything.length);
  rig.world.faults.clear();
  rig.world.faultsChanged();
  rig.restart();
  await rig.settle();
  t.deepEqual(names(rig.ours()), everything);
  await rig.close();
});

test('shows an image that cannot be pulled by its name', async (t) => {
  const rig = createRig();
  rig.world.faults.set({ kind: 'imagePull', match: { name: 'web*' } });
  rig.client.put(workload([namespace, make.deployment('web', 'example.com/nope:1')]));
  await eventually(
    async () => {
      await rig.pass();
      if (rig.client.peek(workloadId)?.status.health !== 'Degraded') throw new Error('Not degraded yet.');
    },
    { timeoutMs: 5000 },
  );
  const [ready] = rig.client.peek(workloadId)?.status.conditions ?? [];
  t.is(ready?.reason, 'ImagePullFailed');
  t.regex(ready?.message ?? '', /example\.com\/nope:1/);
  await rig.close();
});

test('an object that is refused is shown with the reason, and does not keep the others', async (t) => {
  const rig = createRig();
  const invalid = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'bad' }, spec: { replicas: -1 } };
  rig.client.put(workload([namespace, invalid, make.configMap(), make.service()]));
  await t.throwsAsync(rig.pass(), { message: 'Deployment/bad' });
  t.deepEqual(names(rig.ours()), ['ConfigMap/settings', 'Namespace/shop-1111111111', 'Service/web']);
  t.like(rig.client.peek(workloadId)?.status, { health: 'Degraded' });
  t.is(rig.client.peek(workloadId)?.status.conditions[0]?.reason, 'ObjectFailed');
  await t.throwsAsync(rig.pass());
  const { health, conditions } = rig.client.peek(workloadId)?.status ?? {};
  t.is(health, 'Degraded');
  t.is(conditions?.[0]?.reason, 'ObjectFailed');
  t.regex(conditions?.[0]?.message ?? '', /^Deployment\/bad: /);
  const row = rig.client.inventory(workloadId).find(({ name }) => name === 'bad');
  t.like(row, { state: 'intended', health: 'Degraded', reason: 'ObjectFailed' });
  const writes = rig.client.statusWrites;
  await t.throwsAsync(rig.pass());
  t.is(rig.client.statusWrites, writes);
  await rig.close();
});

test('a spec that cannot be rendered does not keep its removal', async (t) => {
  const rig = createRig();
  rig.client.put(workload([namespace, make.configMap()]));
  await rig.settle();
  rig.client.put(workload([namespace, make.configMap(), make.configMap()]));
  await t.throwsAsync(rig.pass(), { message: /given twice/ });
  rig.client.requestDeletion(workloadId);
  await rig.vanish();
  t.deepEqual(names(rig.ours()), []);
  await rig.close();
});
