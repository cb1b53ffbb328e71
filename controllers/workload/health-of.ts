import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { silentEndsOf } from '../../drivers/kubernetes/health/pod-health.js';
import type { RelatedObjects } from '../../drivers/kubernetes/health/related-objects.js';
import { objectHealth } from '../../drivers/kubernetes/health.js';
import type { ObjectHealth } from '../../drivers/kubernetes/object-fields.js';
import type { Clock } from '../../lib/clock.js';
import { compileHealthRules, type HealthRules } from '../../model/health-rule.js';
import type { Cluster } from '../cluster/cluster.js';
import type { NeededKind } from '../cluster/kind-needs.js';
import { hasUnlabelledPods, selectedPods } from './adopted-pods.js';
import type { LastLines } from './last-lines.js';
import type { Workload } from './render.js';

export interface HealthInput {
  readonly workload: Workload;
  readonly cluster: Cluster;
  /** null: logs are not looked into. */
  readonly logs: { readonly lastLines: LastLines; readonly clock: Clock } | null;
  readonly signal: AbortSignal;
}

/** The kinds that say something of the health of `kinds`, beside these themselves. */
export function kindsForHealth(kinds: readonly NeededKind[]): readonly NeededKind[] {
  return [
    ...(kinds.some(isPodOwner) ? [{ apiVersion: 'v1', kind: 'Pod' }] : []),
    ...(kinds.some(isCronJob) ? [jobKind] : []),
  ];
}

/**
 * The health of what is live, by key: as the app's own rules say where it declares some for a kind, else as the cluster
 * says. Reads what else tells of it: pods, jobs, events, the last lines of what crashed. Throws when pods or jobs cannot be read.
 */
export async function healthOf(
  { workload, cluster, logs, signal }: HealthInput,
  live: ReadonlyMap<string, KubernetesObject>,
): Promise<ReadonlyMap<string, ObjectHealth>> {
  const objects = [...live.values()];
  const instanceId = workload.ownerId ?? workload.id;
  const related: RelatedObjects = {
    pods: [
      ...(objects.some(isPodOwner) ? await cluster.pods(instanceId, signal) : []),
      ...(await selectedPods(objects.filter(isWorthALook), cluster.driver, signal)),
    ],
    jobs: objects.some(isCronJob) ? await jobsOf(cluster, signal) : [],
    warningsOf: cluster.warningsOf,
    ...(logs && { lastLinesOf: logs.lastLines.of }),
  };
  const makers = new Set(objects.filter(isCronJob).map(({ metadata }) => metadata.uid));
  const jobs = (related.jobs ?? []).filter((job) => job.metadata.ownerReferences?.some(({ uid }) => makers.has(uid)));
  const runners = [...objects.filter((object) => object.kind === 'Pod' || isPodOwner(object)), ...jobs];
  const ends = logs ? runners.flatMap((object) => silentEndsOf(object, related)) : [];
  await logs?.lastLines.read(ends, { driver: cluster.driver, clock: logs.clock, signal });
  const declared = rulesOf(workload);
  return new Map(
    [...live].map(([key, object]) => {
      const isLeaving = object.metadata.deletionTimestamp !== undefined;
      return [key, (isLeaving ? null : declared?.verdictOf(object)) ?? objectHealth(object, related)] as const;
    }),
  );
}

/** Pods that no watch sees are only asked for where they may say more than the object itself. */
function isWorthALook(object: KubernetesObject): boolean {
  return hasUnlabelledPods(object) && objectHealth(object, { pods: [] }).health !== 'Healthy';
}

async function jobsOf(cluster: Cluster, signal: AbortSignal): Promise<readonly KubernetesObject[]> {
  const type = await cluster.driver.resolve(jobKind.apiVersion, jobKind.kind, signal);
  return type ? (await cluster.view(type, signal)).list() : [];
}

const jobKind: NeededKind = { apiVersion: 'batch/v1', kind: 'Job' };

const podOwners = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob']);

/** Its health shows in the pods that it selects. */
function isPodOwner({ kind }: NeededKind): boolean {
  return podOwners.has(kind);
}

function isCronJob({ apiVersion, kind }: NeededKind): boolean {
  return kind === 'CronJob' && splitApiVersion(apiVersion).group === 'batch';
}

/** Compiling costs more than asking; a spec that was read anew holds the same rules. */
const compiled = new Map<string, HealthRules>();
const MOST_COMPILED = 500;

function rulesOf({ spec }: Workload): HealthRules | null {
  const declared = spec.policy?.health;
  if (!declared || declared.length === 0) return null;
  const text = JSON.stringify(declared);
  const known = compiled.get(text);
  if (known) return known;
  const rules = compileHealthRules(declared);
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  compiled.set(text, rules);
  return rules;
}
