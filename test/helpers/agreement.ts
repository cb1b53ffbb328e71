import type { JsonObject } from '../../lib/canonical.js';
import { isJsonObject } from '../../lib/canonical.js';
import { doesWork } from './agreement/does-work.js';
import { type DifferingField, differingFields } from './agreement/field-differences.js';
import { type GraphObject, type GraphWorkload, readGraph } from './agreement/read-graph.js';
import { groupOf, keyOf, keyOfSeen, type SeenObject } from './agreement/seen-object.js';

/*
 * Whether the graph and the cluster say the same of every object. Both are read past the product's own clients: the graph
 * by its wire, the cluster by kubectl, or by the sandbox's own store.
 */

export interface AgreementOptions {
  readonly server: { readonly url: string; readonly operatorToken: string };
  /** Everything that the cluster has, of every kind. */
  readonly readCluster: () => Promise<readonly SeenObject[]>;
  /** Of app instances that were ever deployed: what carries such an id and is in no graph was left behind. */
  readonly instanceIds: readonly string[];
}

/** In what graph and cluster differ now, a sentence each; empty when they agree. */
export async function disagreements(options: AgreementOptions): Promise<readonly string[]> {
  const workloads = await readGraph(options.server);
  const seen = await options.readCluster();
  const live = new Map(seen.map((object) => [keyOfSeen(object), object]));
  return [
    ...workloads.flatMap((workload) => ofWorkload(workload, live)),
    ...leftBehind(workloads, seen, options.instanceIds),
  ];
}

function ofWorkload(workload: GraphWorkload, live: ReadonlyMap<string, SeenObject>): readonly string[] {
  const said = new Map(workload.objects.map((object) => [keyOfGraph(object), object]));
  return [
    ...workload.objects.flatMap((object) => ofObject(workload, object, live.get(keyOfGraph(object)))),
    ...(isDone(workload)
      ? workload.document.objects.flatMap((desired) => ofDesired(workload, desired, said, live))
      : []),
  ].map((text) => `${workload.document.runtime}, workload ${workload.name}: ${text}`);
}

/** It claims that the cluster is as desired. */
const isDone = ({ health, isSettled, deletionRequestedAt }: GraphWorkload) =>
  health === 'Healthy' && isSettled && deletionRequestedAt === null;

const keyOfGraph = ({ group, kind, namespace, name }: GraphObject) => keyOf(group, kind, namespace, name);

function ofObject(workload: GraphWorkload, said: GraphObject, live: SeenObject | undefined): readonly string[] {
  const key = keyOfGraph(said);
  if (said.state !== 'present') {
    const isOurs = live?.metadata.annotations?.['portolan.dev/resource'] === workload.id;
    return isOurs ? [`the graph says that ${key} is ${said.state}, and the cluster has it (${live.metadata.uid})`] : [];
  }
  if (live === undefined) return [`the graph says that ${key} is present, and the cluster does not have it`];
  const found: string[] = [];
  if (said.uid !== live.metadata.uid)
    found.push(`${key} is ${said.uid} in the graph and ${live.metadata.uid} in the cluster`);
  if (said.origin === 'created') found.push(...wrongMarks(workload, key, live));
  const works = hasOwnRule(workload, live) ? null : doesWork(live);
  if (works !== null && works !== (said.health === 'Healthy')) {
    const status = JSON.stringify({ spec: live.spec?.replicas, status: live.status });
    found.push(
      `the graph says that ${key} is ${said.health} (${said.reason}: ${said.message}), and the cluster ${status}`,
    );
  }
  return found;
}

function wrongMarks(workload: GraphWorkload, key: string, live: SeenObject): readonly string[] {
  const { labels = {}, annotations = {} } = live.metadata;
  const generation = Number(annotations['portolan.dev/generation']);
  const wanted = [
    [labels['portolan.dev/instance'] === workload.ownerId, 'label portolan.dev/instance'],
    [labels['app.kubernetes.io/managed-by'] !== undefined, 'label app.kubernetes.io/managed-by'],
    [labels['portolan.dev/component'] !== undefined, 'label portolan.dev/component'],
    [annotations['portolan.dev/resource'] === workload.id, 'annotation portolan.dev/resource'],
    [generation >= 1 && generation <= workload.generation, 'annotation portolan.dev/generation'],
  ] as const;
  return wanted.flatMap(([isRight, what]) => (isRight ? [] : [`${key} has not the right ${what}`]));
}

const hasOwnRule = ({ document }: GraphWorkload, { apiVersion, kind }: SeenObject) =>
  document.policy?.health?.some((rule) => rule.apiVersion === apiVersion && rule.kind === kind) ?? false;

function ofDesired(
  workload: GraphWorkload,
  given: JsonObject,
  said: ReadonlyMap<string, GraphObject>,
  live: ReadonlyMap<string, SeenObject>,
): readonly string[] {
  if (given.kind === 'List' && Array.isArray(given.items)) {
    return given.items.filter(isJsonObject).flatMap((item) => ofDesired(workload, item, said, live));
  }
  const { namespace, ...metadata } = (given as unknown as SeenObject).metadata;
  const { apiVersion, kind } = given as unknown as SeenObject;
  const keys = [namespace ?? workload.document.namespace, ''].map((place) =>
    keyOf(groupOf(apiVersion), kind, place, metadata.name),
  );
  const key = keys.find((each) => said.has(each));
  if (key === undefined) return [`it is Healthy, and the graph does not have its ${kind}/${metadata.name}`];
  const object = live.get(key);
  if (!object) {
    const isDone = hasTimeOut(given) && said.get(key)?.reason === 'Completed';
    return isDone ? [] : [`it is Healthy, and the cluster does not have its ${key}`];
  }
  const { stringData, status: _status, ...rest } = given;
  // The cluster keeps stringData as data, in base64.
  const data = isJsonObject(stringData) ? { data: withoutValues(stringData) } : {};
  const desired = { ...rest, apiVersion: object.apiVersion, metadata: { ...metadata }, ...data } as JsonObject;
  const known = new Set(said.get(key)?.drift?.map(({ path }) => path) ?? []);
  const isScaled = [...live.values()].some((each) => isAutoscalerOf(each, object));
  return differingFields(desired, object as unknown as JsonObject)
    .filter(({ path }) => !(isScaled && path === 'spec.replicas') && !known.has(path) && !isOthers(workload, path))
    .map((field) => `${key} ${words(field)}`);
}

/** Such a Job goes by itself once it is done. */
function hasTimeOut({ kind, spec }: JsonObject): boolean {
  return kind === 'Job' && isJsonObject(spec) && spec.ttlSecondsAfterFinished !== undefined;
}

function withoutValues(stringData: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(stringData).map((key) => [key, { $secret: { id: key, version: 1 } }]));
}

const words = ({ path, desired, live }: DifferingField) =>
  `is to have ${path} ${JSON.stringify(desired)}, and has ${JSON.stringify(live ?? null)}`;

/** What policy leaves to others. Coarse: the rule's own tests look at the object that it is about. */
function isOthers({ document: { policy } }: GraphWorkload, path: string): boolean {
  const rules = [...(policy?.ignore ?? []), ...(policy?.yieldTo ?? [])];
  return rules.some((rule) => path.replace(/\[[^\]]*\]/g, '').startsWith(rule.path.replace(/\[[^\]]*\]/g, '')));
}

function isAutoscalerOf({ kind, metadata, spec }: SeenObject, target: SeenObject): boolean {
  const reference = spec?.scaleTargetRef;
  return (
    kind === 'HorizontalPodAutoscaler' &&
    metadata.namespace === target.metadata.namespace &&
    isJsonObject(reference) &&
    reference.kind === target.kind &&
    reference.name === target.metadata.name
  );
}

/** What is in the cluster and carries our marks, and the graph knows nothing of it. */
function leftBehind(
  workloads: readonly GraphWorkload[],
  seen: readonly SeenObject[],
  instanceIds: readonly string[],
): readonly string[] {
  const ours = new Set([...instanceIds, ...workloads.map(({ ownerId }) => ownerId)]);
  const living = new Set(workloads.map(({ ownerId }) => ownerId));
  const inventory = new Set(workloads.flatMap(({ objects }) => objects.map(keyOfGraph)));
  return seen.flatMap((object) => {
    const { labels, annotations, ownerReferences } = object.metadata;
    const instance = labels?.['portolan.dev/instance'] ?? '';
    const isMade = annotations?.['portolan.dev/resource'] !== undefined;
    const isChild = !isMade || (ownerReferences?.some(({ controller }) => controller) ?? false);
    if (!ours.has(instance) || inventory.has(keyOfSeen(object))) return [];
    // Pods and the like carry the label too, as long as what made them is there.
    if (isChild && living.has(instance)) return [];
    return [`the cluster has ${keyOfSeen(object)} of the app instance ${instance}, and the graph does not`];
  });
}
