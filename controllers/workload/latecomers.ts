import { sleep } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { ObjectView } from '../../sdk/resource.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import { checkMayWrite } from '../../sdk/runtime/steps.js';
import type { Clusters } from '../cluster/clusters.js';
import { marksOf } from '../marks.js';
import { deleteObject } from './apply.js';
import { type Look, objectsOfDefinition } from './in-use.js';
import { keyOf, titleOf, toObjectKey } from './object-name.js';
import type { WorkloadObservation } from './observation.js';
import { phaseOf } from './phase.js';
import type { Workload } from './render.js';
import { strayRows } from './strays.js';

/**
 * What may still come of a workload that leaves: another process was about to create it, and may have been killed while
 * its request was under way. It hardly ever comes, so the deletion does not wait for it. Who lets go of it looks for it a
 * few times more and removes it, until this process ends or loses the lease.
 */
export interface Latecomers {
  /** Looks, for a minute from now, for what is let go of because of `observation` and was never seen. Returns at once. */
  expect(workload: LeavingWorkload, observation: WorkloadObservation, context: ReconcileContext): void;
}

type LeavingWorkload = Pick<Workload, 'id' | 'generation'>;

export function createLatecomers(clusters: Pick<Clusters, 'get'>): Latecomers {
  const expected = new Set<string>();
  return {
    expect({ id, generation }, observation, context) {
      const nameIn = (row: ObjectView) => `${id} ${keyOf(row)}`;
      const added = unseenRows(observation).filter((row) => !expected.has(nameIn(row)));
      const rows = added.slice(0, MOST - expected.size);
      if (rows.length === 0) return;
      for (const row of rows) expected.add(nameIn(row));
      const look = async () => {
        const { driver } = await clusters.get(observation.runtimeId, context);
        await removeLate({ id, generation }, rows, driver, context);
      };
      void lookNowAndThen(look, context).finally(() => {
        for (const row of rows) expected.delete(nameIn(row));
      });
    },
  };
}

/** What is not there now, and was not when it was last seen: somebody was about to create it, or to create it again. */
function unseenRows({ inventory, live, awaited }: WorkloadObservation): readonly ObjectView[] {
  const isKept = (key: string) => live.has(key) || awaited.some((each) => each.key === key);
  return [...inventory]
    .filter(([key, { origin, state }]) => origin === 'created' && state !== 'present' && !isKept(key))
    .map(([, row]) => row);
}

/** Never throws: what fails is tried again with the next look. */
async function lookNowAndThen(look: () => Promise<void>, { clock, log, signal }: ReconcileContext): Promise<void> {
  for (const pauseMs of PAUSES_MS) {
    await sleep(clock, pauseMs, signal);
    if (signal.aborted) return;
    await look().catch((error: unknown) => {
      log.debug('It is not known whether an object came late', { error: errorText(error) });
    });
  }
}

async function removeLate(
  { id: workloadId, generation }: LeavingWorkload,
  rows: readonly ObjectView[],
  driver: Look['driver'],
  context: ReconcileContext,
): Promise<void> {
  const look = { driver, signal: context.signal };
  const checkDeadline = () => checkMayWrite(context);
  const isOpen = new Map([['', true]]);
  for (const row of rows) {
    // Nothing comes to be in a namespace that is not there.
    if (!isOpen.has(row.namespace)) isOpen.set(row.namespace, await isNamespaceOpen(row.namespace, look));
    if (!isOpen.get(row.namespace)) continue;
    const live = await driver.get(toObjectKey(row, row.version), look.signal);
    if (!live || live.metadata.deletionTimestamp || marksOf(live).resourceId !== workloadId) continue;
    if (strayRows({ generation }, row.runtimeId, [live], () => false).length === 0) continue;
    // What others made of its kind would go with it.
    if (phaseOf(live) === 'definition' && (await objectsOfDefinition(live, look)).length > 0) continue;
    await deleteObject(
      { name: row, title: titleOf(row), live },
      { ...look, workloadId, generation, row, checkDeadline },
    );
    context.log.info('An object came when its workload had let go of it, and is removed', { object: titleOf(row) });
  }
}

async function isNamespaceOpen(name: string, { driver, signal }: Look): Promise<boolean> {
  const found = await driver.get({ apiVersion: 'v1', kind: 'Namespace', namespace: null, name }, signal);
  return found !== null && !found.metadata.deletionTimestamp;
}

/** Before each look. Together as long as a creation may be under way: see ./unanswered.ts. */
const PAUSES_MS = [5_000, 15_000, 20_000, 20_000];
/** Objects that are looked for at a time; of more than that nobody keeps track. */
const MOST = 1_000;
