import { setTimeout as delay } from 'node:timers/promises';
import type { BenchContext, Sample } from '../case.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { type AuditedCall, isWrite, readAudit } from './audit.js';
import { differences, hashOfState, instanceOf, readCluster } from './cluster-state.js';
import { OBJECTS_OF_INSTANCE } from './load-app.js';
import type { RecWorld } from './rec-world.js';
import { sizesOf } from './sizes.js';

/**
 * Commits instances while no controllers run, then starts these and waits until all is settled. Timed from the start of
 * their process to the last write, by what the API server recorded; CPU is counted until all is settled. `killedAt`: parts
 * of the objects at which the process is killed and started again at once.
 */
export async function makeInstances(
  context: BenchContext,
  world: RecWorld,
  count: number,
  killedAt: readonly number[] = [],
): Promise<Sample> {
  await world.stopControllers();
  const before = world.instances.length;
  await world.deploy(count);
  const meter = createCpuMeter(() => world.pids());
  const controllersMeter = createCpuMeter(() => (world.controllers ? [world.controllers.pid] : []));
  const startedAtMs = Date.now();
  const startCpuMs = meter.readMs();
  await world.startControllers();
  const restartsMs: number[] = [];
  for (const part of killedAt) {
    await written(world, before + Math.floor(count * part), context.signal);
    await world.killControllers();
    restartsMs.push(Date.now());
    await world.startControllers();
  }
  await world.settled(sizesOf(context).patienceMs);
  const settledMs = Date.now() - startedAtMs;
  const cpuMs = meter.readMs() - startCpuMs;

  const calls = (await readAudit(world.api, 'ours', startedAtMs)).filter(({ resource }) => isOfLoad(resource));
  const writes = calls.filter(isWrite);
  const operations = count * OBJECTS_OF_INSTANCE;
  const seen = await readCluster(world.look, 'portolan.dev/instance');
  const wrong = differences(world.instances, seen);
  for (const text of wrong.slice(0, SHOWN)) context.tell(text);
  const names = new Set(world.instances.slice(before).map(({ name }) => name));
  const fresh = seen.filter((object) => names.has(instanceOf(object)));
  const firstWriteAfter = (atMs: number) =>
    Math.min(...writes.filter(({ receivedAtMs }) => receivedAtMs >= atMs).map(({ answeredAtMs }) => answeredAtMs)) -
    atMs;
  return {
    operations,
    wallMs: Math.max(...writes.map(({ answeredAtMs }) => answeredAtMs)) - startedAtMs,
    cpuMs,
    // A reply that was lost with its process may be asked for again.
    errors: wrong.length + (killedAt.length > 0 ? 0 : writes.filter(({ status }) => status !== 201).length),
    answerHash: hashOfState(fresh),
    figures: {
      callsPerObject: calls.length / operations,
      settledMs,
      controllersUsEach: (controllersMeter.readMs() * 1000) / operations,
      firstWriteMs: Math.min(...writes.map(({ answeredAtMs }) => answeredAtMs)) - startedAtMs,
      residentMB: (world.controllers?.residentBytes() ?? 0) / 1e6,
      doubled: doubledIn(writes),
      ...(killedAt.length > 0 && { restartMs: Math.max(...restartsMs.map(firstWriteAfter)) }),
    },
  };
}

const SHOWN = 5;

/**
 * How often an object was made that had been made before. By object: what was under way when its process was killed may
 * have been made without an answer, so fewer were told of as made than there are.
 */
function doubledIn(writes: readonly AuditedCall[]): number {
  const made = Map.groupBy(
    writes.filter(({ status }) => status === 201),
    ({ object }) => object,
  );
  return [...made.values()].reduce((sum, calls) => sum + calls.length - 1, 0);
}

/** Lists, watches and discovery are of the cluster, not of an object; they are part of rec.steady. */
const isOfLoad = (resource: string) => ofLoad.has(resource);
const ofLoad: ReadonlySet<string> = new Set(['namespaces', 'configmaps', 'serviceaccounts', 'services']);

/** Waits until so many instances have their ServiceAccount, of which there are no others here. */
async function written({ look }: RecWorld, instances: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { items, metadata } = await look.get<CountedList>('/api/v1/serviceaccounts?limit=1&labelSelector=');
    if (items.length + (metadata.remainingItemCount ?? 0) >= instances) return;
    await delay(WRITTEN_POLL_MS, undefined, { signal });
  }
}

const WRITTEN_POLL_MS = 50;

interface CountedList {
  readonly items: readonly unknown[];
  readonly metadata: { readonly remainingItemCount?: number };
}
