import test from 'ava';
import { createAppliedMemory } from '../../../controllers/workload/applied-memory.js';
import { carryOut } from '../../../controllers/workload/carry-out.js';
import { planWorkload } from '../../../controllers/workload/plan.js';
import type { KubernetesDriver, KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { createManualClock } from '../../../lib/clock.js';
import type { EventReport } from '../../../sdk/resource.js';
import { make } from '../make.js';
import { applied, observe, withObjects } from './seen.js';

/** Puts back a ConfigMap that was changed, on a server that answers as given; tells of what was told. */
async function putBack(answer: (live: KubernetesObject) => KubernetesObject): Promise<readonly EventReport[]> {
  const workload = withObjects(make.configMap());
  const live = applied(workload, (object) => ({ ...object, data: { color: 'red' } }));
  const [action] = planWorkload(workload, observe(workload, { live: [live] })).actions;
  if (!action) throw new Error('Nothing is planned.');
  const driver = { apply: async () => answer(live) } as Pick<KubernetesDriver, 'apply'> as KubernetesDriver;
  const events: EventReport[] = [];
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
  return events;
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
