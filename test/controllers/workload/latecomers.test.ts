import test from 'ava';
import { outsideAnnotations, withMarks } from '../../../controllers/marks.js';
import { createLatecomers } from '../../../controllers/workload/latecomers.js';
import { keyOf, nameOfObject, toObjectName } from '../../../controllers/workload/object-name.js';
import type { KubernetesDriver, KubernetesObject, ObjectKey } from '../../../drivers/kubernetes/driver.js';
import { UnreachableError } from '../../../drivers/kubernetes/errors.js';
import { createManualClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import type { ReconcileContext } from '../../../sdk/runtime/reconciler.js';
import { eventually } from '../../helpers/eventually.js';
import { make, workloadId } from '../make.js';
import { createRig } from './provider-rig.js';
import { observe, type Seen } from './seen.js';

const workload = make.workload({}, { generation: 2 });
const role: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'reader' },
};
const definition: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'boats.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Boat', plural: 'boats' },
    scope: 'Cluster',
    versions: [{ name: 'v1' }],
  },
  status: { conditions: [{ type: 'Established', status: 'True' }] },
};
const settings: KubernetesObject = {
  ...make.configMap(),
  metadata: { name: 'settings', namespace: 'shared' },
};
const namespace: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shared' } };

const rowOf = (object: KubernetesObject, row: Parameters<typeof make.row>[0] = {}) =>
  make.row({ ...nameOfObject(object), version: 'v1', state: 'intended', uid: null, ...row });

/** As a process of ours makes it. */
function made(object: KubernetesObject, { resourceId = workloadId, manager = 'portolan' } = {}): KubernetesObject {
  const marked = withMarks(object, { resourceId, generation: 1, renderHash: 'x' });
  const fieldsV1 = { 'f:metadata': { 'f:annotations': { [`f:${outsideAnnotations.resource}`]: {} } } };
  const managedFields = [{ manager, operation: 'Apply', apiVersion: object.apiVersion, fieldsV1 }];
  const metadata = { ...marked.metadata, uid: 'uid-9', resourceVersion: '9', managedFields };
  return { ...object, metadata };
}

/** One that lets go of what was seen so, on a cluster that holds what a test puts there. */
function createScene() {
  const there = new Map<string, KubernetesObject>();
  const users: KubernetesObject[] = [];
  const asked: string[] = [];
  const ended = new AbortController();
  const clock = createManualClock();
  const placeOf = (key: ObjectKey) => keyOf(toObjectName(key));
  const driver = {
    async get(key) {
      asked.push(key.name);
      return there.get(placeOf(key)) ?? null;
    },
    async delete(key, { uid }) {
      const isIt = there.get(placeOf(key))?.metadata.uid === uid;
      if (isIt) there.delete(placeOf(key));
      return isIt ? 'accepted' : 'absent';
    },
    listMetadata: async () => ({ objects: users, resourceVersion: '1' }),
  } as Pick<KubernetesDriver, 'get' | 'delete' | 'listMetadata'> as KubernetesDriver;
  const scene = { isAway: false };
  const get = async () => {
    if (scene.isAway) throw new UnreachableError('Nobody is there.');
    return { driver };
  };
  const latecomers = createLatecomers({ get: get as never });
  const context: ReconcileContext = {
    clock,
    log: silentLog,
    signal: ended.signal,
    lease: { key: 'k', holder: 'h', epoch: 1, deadlineMs: Number.POSITIVE_INFINITY },
    event() {},
  };
  return Object.assign(scene, {
    users,
    asked,
    end: () => ended.abort(),
    letGo: (seen: Seen) => latecomers.expect(workload, observe(workload, seen), context),
    come: (object: KubernetesObject) => void there.set(keyOf(nameOfObject(object)), object),
    kinds: () => [...there.values()].map(({ kind }) => kind),
    /** Returns when all that this set off is over: nothing here waits for more than promises. */
    async step(byMs: number) {
      clock.step(byMs);
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
}

test('what comes after it was let go of is removed, each time that it comes', async (t) => {
  const scene = createScene();
  scene.letGo({ rows: [rowOf(role), rowOf(definition)] });
  scene.come(made(role));
  await scene.step(5_000);
  t.deepEqual(scene.kinds(), []);
  scene.come(made(role));
  scene.come(made(definition));
  await scene.step(15_000);
  t.deepEqual(scene.kinds(), []);
});

test('it is looked for until a request cannot be under way any more, and then never again', async (t) => {
  const scene = createScene();
  scene.letGo({ rows: [rowOf(role)] });
  for (const afterMs of [5_000, 15_000, 20_000]) await scene.step(afterMs);
  scene.come(made(role));
  await scene.step(20_000);
  t.deepEqual(scene.kinds(), []);
  const asked = scene.asked.length;
  await scene.step(600_000);
  t.is(scene.asked.length, asked);
});

test('a look that fails is made up for by the next', async (t) => {
  const scene = createScene();
  scene.letGo({ rows: [rowOf(role)] });
  scene.come(made(role));
  scene.isAway = true;
  await scene.step(5_000);
  t.deepEqual(scene.kinds(), ['ClusterRole']);
  scene.isAway = false;
  await scene.step(15_000);
  t.deepEqual(scene.kinds(), []);
});

test('nobody looks once the process ends or has lost the lease', async (t) => {
  const scene = createScene();
  scene.letGo({ rows: [rowOf(role)] });
  scene.end();
  await scene.step(5_000);
  t.deepEqual(scene.asked, []);
});

test('what is let go of twice is looked for once', async (t) => {
  const scene = createScene();
  scene.letGo({ rows: [rowOf(role)] });
  scene.letGo({ rows: [rowOf(role)] });
  await scene.step(5_000);
  t.deepEqual(scene.asked, ['reader']);
});

const object = made(role);
for (const { title, seen } of [
  { title: 'what was there when it was last seen', seen: { rows: [rowOf(role, { state: 'present' as const })] } },
  {
    title: 'what was there before us',
    seen: { rows: [rowOf(role, { origin: 'adopted' as const, state: 'missing' as const })] },
  },
  { title: 'what is there and goes with the deletion', seen: { rows: [rowOf(role)], live: [object] } },
  {
    title: 'what the deletion waits for',
    seen: { rows: [rowOf(role)], awaited: [{ key: keyOf(nameOfObject(role)) }] as never },
  },
] satisfies readonly { readonly title: string; readonly seen: Seen }[]) {
  test(`nobody looks for ${title}`, async (t) => {
    const scene = createScene();
    scene.letGo(seen);
    await scene.step(5_000);
    t.deepEqual(scene.asked, []);
  });
}

for (const { title, come, rows, users = [] } of [
  { title: 'what another workload made', come: made(role, { resourceId: 'another' }), rows: [rowOf(role)] },
  { title: 'a copy that somebody made, marks and all', come: made(role, { manager: 'kubectl' }), rows: [rowOf(role)] },
  { title: 'what nobody has marked', come: role, rows: [rowOf(role)] },
  {
    title: 'a definition that others use by now',
    come: made(definition),
    rows: [rowOf(definition)],
    users: [{ apiVersion: 'example.com/v1', kind: 'Boat', metadata: { name: 'theirs' } }],
  },
]) {
  test(`leaves alone ${title}`, async (t) => {
    const scene = createScene();
    scene.users.push(...users);
    scene.letGo({ rows });
    scene.come(come);
    await scene.step(5_000);
    t.deepEqual(scene.kinds(), [come.kind]);
  });
}

test('of a namespace that is not there nothing is asked but that', async (t) => {
  const scene = createScene();
  scene.letGo({ rows: [rowOf(settings), rowOf({ ...settings, metadata: { ...settings.metadata, name: 'more' } })] });
  await scene.step(5_000);
  t.deepEqual(scene.asked, ['shared']);
  scene.come(namespace);
  scene.come(made(settings));
  await scene.step(15_000);
  t.deepEqual(scene.kinds(), ['Namespace']);
});

test('what a killed process had asked for, and comes when its workload is gone, does not stay', async (t) => {
  const clock = createManualClock();
  const rig = createRig(clock);
  rig.client.put(make.workload({ objects: [namespace] as never }));
  const killed = async (point: string) => {
    if (point === 'beforeApply') throw new Error('It was killed.');
  };
  await t.throwsAsync(rig.pass(killed as never), { message: 'It was killed.' });
  rig.restart();
  rig.client.requestDeletion(workloadId);
  await rig.vanish();
  const late = withMarks(namespace, { resourceId: workloadId, generation: 1, renderHash: 'x' });
  await rig.driver.apply(late, { force: false, signal: new AbortController().signal });
  t.is(rig.ours().length, 1);
  clock.step(5_000);
  const isGone = () => {
    if (rig.ours().length > 0) throw new Error('It is there still.');
  };
  await eventually(isGone, { timeoutMs: 10_000 });
  t.pass();
  await rig.close();
});
