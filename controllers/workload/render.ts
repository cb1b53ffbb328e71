import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { TerminalError } from '../../lib/errors.js';
import type { SpecOf } from '../../lib/kind.js';
import { hashJson } from '../../lib/node/hash.js';
import { listSecretReferences } from '../../model/secrets.js';
import type { workloadKind } from '../../schema/kinds/workload.js';
import type { ResourceView } from '../../sdk/resource.js';
import { managedByPortolan, outsideLabels } from '../marks.js';
import { keyOf, nameOfObject, type ObjectName, titleOf } from './object-name.js';
import { type Phase, phaseOf } from './phase.js';
import { templatePathsOf } from './template-paths.js';

export type WorkloadSpec = SpecOf<typeof workloadKind>;
export type Workload = Pick<
  ResourceView<WorkloadSpec>,
  'id' | 'ownerId' | 'name' | 'generation' | 'spec' | 'deletionRequestedAt'
>;

export interface RenderedObject {
  readonly key: string;
  readonly name: ObjectName;
  /** `Kind/namespace/name`. */
  readonly title: string;
  readonly phase: Phase;
  /** As it is to be applied, but for the marks and with SecretReferences in the place of secret values. */
  readonly object: KubernetesObject;
  /** As it was given, with its namespace but without our labels: for what is adopted. */
  readonly bare: KubernetesObject;
  /** Over `object`: versions of secrets are part of it, their values are not. */
  readonly hash: string;
}

/** An object whose kind the cluster does not serve yet, so that it is not known whether it has a namespace. */
export interface UnservedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly title: string;
}

export interface Rendered {
  readonly objects: readonly RenderedObject[];
  readonly unserved: readonly UnservedObject[];
}

/** Whether a kind has namespaces; null when the cluster does not serve it (yet). */
export type ScopeOf = (apiVersion: string, kind: string) => boolean | null;

/**
 * The objects of a workload as they are to be outside. Pure: the same spec and scopes give the same objects.
 * Throws TerminalError for what only another spec can mend.
 */
export function renderWorkload(workload: Workload, scopeOf: ScopeOf): Rendered {
  const given = workload.spec.objects.flatMap((object) => flatten(object as unknown as JsonObject));
  const definedHere = definitionScopes(given);
  const objects: RenderedObject[] = [];
  const unserved: UnservedObject[] = [];
  for (const object of given) {
    const isNamespaced =
      scopeOf(object.apiVersion, object.kind) ?? definedHere.get(kindKey(object.apiVersion, object.kind)) ?? null;
    if (isNamespaced === null) {
      const { apiVersion, kind, metadata } = object;
      unserved.push({ apiVersion, kind, name: metadata.name, title: `${kind}/${metadata.name}` });
      continue;
    }
    refuseReadable(object);
    objects.push(renderObject(workload, object, isNamespaced));
  }
  refuseTwins(objects);
  return { objects, unserved };
}

function renderObject(workload: Workload, given: KubernetesObject, isNamespaced: boolean): RenderedObject {
  const { namespace: named, ...metadata } = given.metadata;
  const place = isNamespaced ? { namespace: named ?? workload.spec.namespace } : {};
  const bare: KubernetesObject = { ...given, metadata: { ...metadata, ...place } };
  const labels = labelsOf(workload);
  const labelled: KubernetesObject = {
    ...bare,
    metadata: { ...bare.metadata, labels: { ...labels, ...keptLabels(bare.metadata.labels), ...fixed(labels) } },
  };
  const object = withClaimPolicy(labelTemplates(labelled, labels), workload);
  const name = nameOfObject(object);
  return {
    key: keyOf(name),
    name,
    title: titleOf(name),
    phase: phaseOf(object),
    object,
    bare,
    hash: hashJson(object),
  };
}

function labelsOf({ ownerId, id, spec }: Workload): Record<string, string> {
  return {
    [outsideLabels.managedBy]: managedByPortolan,
    [outsideLabels.name]: spec.app,
    [outsideLabels.instance]: spec.instance,
    [outsideLabels.instanceId]: ownerId ?? id,
    [outsideLabels.component]: spec.component,
  };
}

/** A person's own labels are kept, the well-known three included; ours are not theirs to set. */
const keptLabels = (labels: Readonly<Record<string, string>> | undefined) => labels ?? {};

function fixed(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key.startsWith('portolan.dev/')));
}

function labelTemplates(object: KubernetesObject, labels: Readonly<Record<string, string>>): KubernetesObject {
  return templatePathsOf(object).reduce(
    (labelled, path) => mapAt(labelled, path, withLabels),
    object as unknown as JsonObject,
  ) as unknown as KubernetesObject;

  function withLabels(template: JsonObject): JsonObject {
    const metadata = isJsonObject(template.metadata) ? template.metadata : {};
    const own = isJsonObject(metadata.labels) ? metadata.labels : {};
    return { ...template, metadata: { ...metadata, labels: { ...labels, ...own, ...fixed(labels) } } };
  }
}

/** Claims of a StatefulSet go with it where policy says so and its manifest says nothing. */
function withClaimPolicy(object: KubernetesObject, { spec }: Workload): KubernetesObject {
  const isSet = object.kind === 'StatefulSet' && splitApiVersion(object.apiVersion).group === 'apps';
  if (!isSet || spec.policy?.claims !== 'delete' || !isJsonObject(object.spec)) return object;
  const persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete', whenScaled: 'Retain' };
  return { ...object, spec: { persistentVolumeClaimRetentionPolicy, ...object.spec } };
}

/** `value` with what stands at `path` replaced; unchanged when nothing stands there. */
function mapAt(value: JsonObject, path: readonly string[], change: (value: JsonObject) => JsonObject): JsonObject {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  const next = value[step];
  return isJsonObject(next) ? { ...value, [step]: mapAt(next, rest, change) } : value;
}

function flatten(object: JsonObject): readonly KubernetesObject[] {
  if (object.kind === 'List' && object.apiVersion === 'v1') {
    const items: Json = object.items ?? [];
    return Array.isArray(items) ? items.filter(isJsonObject).flatMap(flatten) : [];
  }
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  if ('generateName' in metadata) {
    throw new TerminalError(
      `A ${object.kind} uses generateName, so every pass would make another one. Give it metadata.name instead.`,
    );
  }
  if (typeof metadata.name !== 'string' || typeof object.kind !== 'string' || typeof object.apiVersion !== 'string') {
    throw new TerminalError('An object lacks apiVersion, kind or metadata.name. Every Kubernetes object needs them.');
  }
  return [clean(object)];
}

/** Fields that only the API server sets; people paste them from `kubectl get -o yaml`. */
const serverFields = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'];

function clean({ status: _status, ...object }: JsonObject): KubernetesObject {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !serverFields.includes(key)));
  return { ...object, metadata: kept } as unknown as KubernetesObject;
}

/** A CRD says of the kinds it defines whether they have namespaces, before the cluster serves them. */
function definitionScopes(objects: readonly KubernetesObject[]): ReadonlyMap<string, boolean> {
  const scopes = new Map<string, boolean>();
  for (const object of objects) {
    if (phaseOf(object) !== 'definition' || !isJsonObject(object.spec)) continue;
    const { group, names, scope, versions } = object.spec;
    if (!isJsonObject(names) || !Array.isArray(versions)) continue;
    for (const version of versions.filter(isJsonObject)) {
      scopes.set(kindKey(`${group}/${version.name}`, String(names.kind)), scope === 'Namespaced');
    }
  }
  return scopes;
}

/** Bound outputs may turn out to be secrets, which belong into Secrets alone. */
function refuseReadable(object: KubernetesObject): void {
  if (object.kind === 'Secret' || listSecretReferences(object).length === 0) return;
  throw new TerminalError(
    `${object.kind}/${object.metadata.name} would hold a secret that anybody there can read. Bind it into a Secret or an environment variable.`,
  );
}

const kindKey = (apiVersion: string, kind: string) => `${apiVersion}/${kind}`;

function refuseTwins(objects: readonly RenderedObject[]): void {
  const seen = new Set<string>();
  for (const { key, title } of objects) {
    if (seen.has(key)) throw new TerminalError(`${title} is given twice. Keep one of them.`);
    seen.add(key);
  }
}
