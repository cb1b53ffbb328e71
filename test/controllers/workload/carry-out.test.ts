import test from 'ava';
import { createAppliedMemory } from '../../../controllers/workload/applied-memory.js';
import { carryOut } from '../../../controllers/workload/carry-out.js';
import { planWorkload } from '../../../controllers/workload/plan.js';
import type { Workload } from '../../../controllers/workload/render.js';
import type { KubernetesDriver, KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { UnreachableError } from '../../../drivers/kubernetes/errors.js';
import { createManualClock } from '../../../lib/clock.js';
import type { EventReport } from '../../../sdk/resource.js';
import { make } from '../make.js';
import { applied, observe, withObjects } from './seen.js';

type Writes = Pick<KubernetesDriver, 'apply' | 'merge'>;

/** Puts back a ConfigMap that was changed, on a server that answers as given; tells of what was told. */
async function putBack(answer: (live: KubernetesObject) => KubernetesObject): Promise<readonly EventReport[]> {
  const workload = withObjects(make.configMap());
  const live = applied(workload, (object) => ({ ...object, data: { color: 'red' } }));
  const events: EventReport[] = [];
  await carryOutOn(workload, live, { apply: async () => answer(live) }, events);
  return events;
}

async function carryOutOn(
  workload: Workload,
  live: KubernetesObject,
  writes: Partial<Writes>,
  events: EventReport[],
): Promise<void> {
  const [action] = planWorkload(workload, observe(workload, { live: [live] })).actions;
  if (!action) throw new Error('Nothing is planned.');
  const driver = writes as Writes as KubernetesDriver;
  await carryOut(action, {
    workloadId: workload.id,
    generation: workload.generation,
    driver,
    checkDeadline() {},
    releaseSecrets: async () => () => null,
    row: null,
    kept: [],
    policy: undefined,
    isUnscaled: false,
    scalers: [],
    signal: new AbortController().signal,
    instance: 'shop',
    memory: createAppliedMemory(),
    clock: createManualClock(),
    taken: undefined,
    event: (event) => void events.push(event),
  });
}

test('a correction is told of', async (t) => {
  const events = await putBack((live) => ({ ...live, metadata: { ...live.metadata, resourceVersion: '6' } }));
  t.deepEqual(
    events.map(({ reason }) => reason),
    ['Corrected'],
  );
});

test('nothing is told where the API server stores the same as before, for then nobody had changed it', async (t) => {
  t.deepEqual(await putBack((live) => live), []);
});

test('what others added and is taken out is told of, also when the rest fails: later nothing shows it any more', async (t) => {
  const workload = withObjects(make.deployment());
  const events: EventReport[] = [];
  const live = applied(workload, withContainer('added'));
  const merge = async () => applied(workload);
  const apply = async () => {
    throw new UnreachableError('connection reset');
  };
  await t.throwsAsync(carryOutOn(workload, live, { merge, apply }, events), { instanceOf: UnreachableError });
  t.deepEqual(
    events.map(({ reason }) => reason),
    ['Corrected'],
  );
  t.regex(events[0]?.message ?? '', /containers\[name=added\]: nothing <- /);
});

/** As a hand adds a container of that name to a Deployment. */
function withContainer(name: string) {
  return (object: KubernetesObject): KubernetesObject => {
    const changed = structuredClone(object) as KubernetesObject & {
      spec: { template: { spec: { containers: object[] } } };
    };
    changed.spec.template.spec.containers.push({ name, image: 'example.com/added:1' });
    const set = { [`k:{"name":"${name}"}`]: { '.': {}, 'f:name': {}, 'f:image': {} } };
    const fieldsV1 = { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': set } } } };
    const managedFields = [{ manager: 'kubectl-patch', operation: 'Update', apiVersion: 'apps/v1', fieldsV1 }];
    return { ...changed, metadata: { ...changed.metadata, managedFields } };
  };
}
