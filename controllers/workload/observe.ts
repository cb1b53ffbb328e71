import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesObject, ObjectKey, ResourceType } from '../../drivers/kubernetes/driver.js';
import type { ObjectView } from '../../sdk/resource.js';
import type { Cluster } from '../cluster/cluster.js';
import { marksOf } from '../marks.js';
import type { AppliedMemory } from './applied-memory.js';
import { correctsDrift } from './drift/drift-policy.js';
import { finishedHealth, isFinishedJob } from './finished-job.js';
import { type HealthInput, healthOf, kindsForHealth } from './health-of.js';
import { claimsIn, objectsOfDefinition } from './in-use.js';
import { keyOf, type ObjectName, titleOf, toObjectKey, toObjectName } from './object-name.js';
import type { WorkloadObservation } from './observation.js';
import { phaseOf } from './phase.js';
import { type Rendered, renderWorkload, type Workload } from './render.js';
import { staleScales } from './stale-scale.js';
import { strayRows } from './strays.js';
import { isToBeTaken } from './taken-over.js';

export interface ObserveInput {
  readonly workload: Workload;
  readonly runtimeId: string;
  readonly cluster: Cluster;
  readonly rows: readonly ObjectView[];
  readonly memory: AppliedMemory;
  readonly logs: HealthInput['logs'];
  /** Asks the cluster itself for each object that no view shows, also where a write would find out. Default: no. */
  readonly isThorough?: boolean;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** Looks at all that the workload wants and owns. Never writes. Throws when anything could not be read. */
export async function observeWorkload(input: ObserveInput): Promise<WorkloadObservation> {
  const { workload, rows, memory, cluster, signal } = input;
  // What is leaving wants nothing: a spec that cannot be rendered must not keep it.
  const isLeaving = workload.deletionRequestedAt !== null;
  const marked = cluster.marked(workload.id);
  const types = await resolveTypes(input, marked);
  const rendered = isLeaving
    ? nothingDesired
    : renderWorkload(workload, (apiVersion, kind) => types.get(typeKey(apiVersion, kind))?.isNamespaced ?? null);
  const recorded = new Map(rows.map((row) => [keyOf(row), row]));
  const desired = new Set(rendered.objects.map(({ key }) => key));
  const isKnown = (key: string) => recorded.has(key) || desired.has(key);
  const unknown = marked
    .filter((key) => !isKnown(keyOf(toObjectName(key))))
    .flatMap((key) => cluster.peek(key) ?? [])
    .filter((object) => marksOf(object).resourceId === workload.id);
  const strays = strayRows(workload, input.runtimeId, unknown, isKnown);
  const inventory = new Map([...recorded, ...strays.map((row) => [keyOf(row), row] as const)]);
  const wanted = new Map<string, { readonly name: ObjectName; readonly apiVersion: string }>();
  for (const row of inventory.values()) wanted.set(keyOf(row), { name: row, apiVersion: apiVersionOf(row) });
  for (const { key, name, object } of rendered.objects) wanted.set(key, { name, apiVersion: object.apiVersion });
  const names = [...wanted.values()].map(({ name }) => name);
  const namespaces = [...new Set(names.map(({ namespace }) => namespace))].filter((namespace) => namespace !== '');
  cluster.own(workload.id, { titles: names.map(titleOf), namespaces });

  const live = new Map<string, KubernetesObject>();
  for (const [key, { name, apiVersion }] of wanted) {
    const type = types.get(typeKey(apiVersion, name.kind));
    // Discovery answered, and the kind is not served: then there is no object of it.
    const isToBeMade = mayBeMade(input, key, name, desired.has(key), inventory.get(key) ?? null);
    const object = type ? await read(input, type, key, name, isToBeMade) : null;
    if (object) live.set(key, object);
    else memory.forget(key);
  }
  const refused = new Map(
    [...memory.refusals()].filter(([key, { hash, uid }]) => {
      const isSame = rendered.objects.some((object) => object.key === key && object.hash === hash);
      return isSame && uid === (live.get(key)?.metadata.uid ?? null);
    }),
  );
  const users = await usersOf(
    input,
    [...inventory].filter(([key]) => !desired.has(key)),
    live,
  );
  const look = { driver: cluster.driver, signal };
  const unscaled = await staleScales(workload.id, rendered.objects, live, look);
  const finished = rendered.objects.filter((object) => {
    const { key, name } = object;
    if (live.has(key)) return false;
    return isFinishedJob(object, inventory.get(key) ?? null, cluster.completedJob(name.namespace, name.name));
  });
  return {
    runtimeId: input.runtimeId,
    rendered,
    inventory,
    strays,
    awaited: [],
    live,
    accepted: memory.fingerprints(),
    finished: new Set(finished.map(({ key }) => key)),
    users,
    unscaled,
    refused,
    contested: memory.corrections.contested(input.nowMs),
    health: new Map([
      ...(await healthOf(input, live)),
      ...finished.map(({ key }) => [key, finishedHealth] as const),
      ...[...refused].map(([key, { health }]) => [key, health] as const),
    ]),
  };
}

/** What would go with definitions and namespaces of ours, where that is asked before they go. */
async function usersOf(
  { workload, cluster, signal }: ObserveInput,
  leaving: readonly (readonly [string, ObjectView])[],
  live: ReadonlyMap<string, KubernetesObject>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const look = { driver: cluster.driver, signal };
  const users = new Map<string, readonly string[]>();
  for (const [key, row] of leaving) {
    const object = live.get(key);
    if (!object || object.metadata.deletionTimestamp || row.origin === 'adopted') continue;
    const phase = phaseOf(object);
    if (phase === 'definition') users.set(key, await objectsOfDefinition(object, look));
    const isKept = phase === 'namespace' && workload.spec.policy?.claims === 'retain';
    if (isKept) users.set(key, await claimsIn(object.metadata.name, look));
  }
  return users;
}

const nothingDesired: Rendered = { objects: [], unserved: [] };

/** From the view; what is not in it is asked for, because it may lack our label, or the view may be a moment behind. */
async function read(
  { cluster, memory, signal }: ObserveInput,
  type: ResourceType,
  key: string,
  name: ObjectName,
  isToBeMade: boolean,
): Promise<KubernetesObject | null> {
  const view = await cluster.view(type, signal);
  const seen = view.get({ namespace: name.namespace === '' ? null : name.namespace, name: name.name });
  if (seen) return memory.newest(key, seen);
  const made = memory.unseen(key, view.version);
  if (made || isToBeMade) return made;
  const { version } = splitApiVersion(type.apiVersion);
  return cluster.driver.get(toObjectKey(name, version), signal);
}

/**
 * Whether an object that no view shows is about to be made anyway. That it is there all the same, without our label, is then
 * found out by the API server, which refuses to make it; to ask before would be one more call for each object.
 */
function mayBeMade(
  { workload, memory, isThorough = false }: ObserveInput,
  key: string,
  name: ObjectName,
  isDesired: boolean,
  row: ObjectView | null,
): boolean {
  if (isThorough || !isDesired || memory.isHidden(key) || isToBeTaken(workload.spec.policy, name)) return false;
  if (row === null) return true;
  return row.origin === 'created' && (row.state === 'intended' || correctsDrift(workload));
}

async function resolveTypes(
  { workload, rows, cluster, signal }: ObserveInput,
  marked: readonly ObjectKey[],
): Promise<ReadonlyMap<string, ResourceType | null>> {
  const wanted = new Map<string, { readonly apiVersion: string; readonly kind: string }>();
  for (const row of rows) wanted.set(typeKey(apiVersionOf(row), row.kind), { ...row, apiVersion: apiVersionOf(row) });
  for (const { apiVersion, kind } of [...workload.spec.objects, ...marked])
    wanted.set(typeKey(apiVersion, kind), { apiVersion, kind });
  cluster.need(workload.id, [...wanted.values(), ...kindsForHealth([...wanted.values()])]);
  const types = new Map<string, ResourceType | null>();
  for (const [key, { apiVersion, kind }] of wanted) {
    types.set(key, await cluster.driver.resolve(apiVersion, kind, signal));
  }
  return types;
}

const typeKey = (apiVersion: string, kind: string) => `${apiVersion}/${kind}`;

function apiVersionOf({ group, version }: ObjectView): string {
  return group === '' ? version : `${group}/${version}`;
}
