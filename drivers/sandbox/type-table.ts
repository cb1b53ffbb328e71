import { isJsonObject } from '../../lib/canonical.js';
import { splitApiVersion } from '../kubernetes/api-version.js';
import type { KubernetesObject, ResourceType } from '../kubernetes/driver.js';
import { conditionOf, list, record, text } from '../kubernetes/object-fields.js';
import { declaredFields } from './schema/declared-fields.js';
import type { StructuralSchema } from './schema/structural-schema.js';

/** A kind as the sandbox serves it. Versions of one group and kind share their objects. */
export interface SandboxType extends ResourceType {
  readonly group: string;
  /** `group/kind`, which names its objects in the store. */
  readonly id: string;
  /** From a CRD: lists are replaced as one, and every spec change counts. */
  readonly isCustom: boolean;
  /** Whether its status is written through `/status` alone. */
  readonly hasStatus: boolean;
  /** Where `/scale` reads and writes; null without it. */
  readonly scale: ScalePaths | null;
  /** What is known of its fields; null when nothing is. */
  readonly schema: StructuralSchema | null;
}

/** Paths of fields: `['spec', 'replicas']`. */
export interface ScalePaths {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** Of a label selector in its text form; null for the built-in kinds, whose `spec.selector` is an object. */
  readonly selector: readonly string[] | null;
}

const builtInScale: ScalePaths = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  selector: null,
};

/** The kinds that every cluster has. `*`: without a namespace, `+`: with a status of its own, `#`: that and a scale. */
export const builtInTypes: readonly SandboxType[] = Object.entries<string>({
  v1: 'Namespace*+ ConfigMap Secret ServiceAccount Service+ Pod+ PersistentVolumeClaim+ PersistentVolume*+ Node*+ Endpoints Event LimitRange ResourceQuota+ ReplicationController#',
  'apps/v1': 'Deployment# ReplicaSet# StatefulSet# DaemonSet+ ControllerRevision',
  'batch/v1': 'Job+ CronJob+',
  'networking.k8s.io/v1': 'Ingress+ IngressClass* NetworkPolicy',
  'rbac.authorization.k8s.io/v1': 'Role RoleBinding ClusterRole* ClusterRoleBinding*',
  'autoscaling/v2': 'HorizontalPodAutoscaler+',
  'autoscaling/v1': 'HorizontalPodAutoscaler+',
  'policy/v1': 'PodDisruptionBudget+',
  'storage.k8s.io/v1': 'StorageClass* VolumeAttachment* CSIDriver*',
  'scheduling.k8s.io/v1': 'PriorityClass*',
  'coordination.k8s.io/v1': 'Lease',
  'discovery.k8s.io/v1': 'EndpointSlice',
  'apiextensions.k8s.io/v1': 'CustomResourceDefinition*+',
  'admissionregistration.k8s.io/v1':
    'MutatingWebhookConfiguration* ValidatingWebhookConfiguration* ValidatingAdmissionPolicy* ValidatingAdmissionPolicyBinding*',
  'apiregistration.k8s.io/v1': 'APIService*+',
}).flatMap(([apiVersion, kinds]) => kinds.split(' ').map((kind) => builtIn(apiVersion, kind)));

/** What an established CRD serves; nothing before that. */
export function typesOfDefinition(definition: KubernetesObject): readonly SandboxType[] {
  if (conditionOf(definition, 'Established')?.status !== 'True') return [];
  const spec = record(definition.spec);
  const names = record(spec.names);
  return list(spec.versions)
    .map(record)
    .filter((version) => version.served !== false)
    .map((version) => ({
      apiVersion: `${text(spec.group)}/${text(version.name)}`,
      kind: text(names.kind),
      plural: text(names.plural),
      isNamespaced: spec.scope !== 'Cluster',
      group: text(spec.group),
      id: `${text(spec.group)}/${text(names.kind)}`,
      isCustom: true,
      hasStatus: record(version.subresources).status !== undefined,
      scale: scaleOf(record(record(version.subresources).scale)),
      schema: schemaOf(record(version.schema).openAPIV3Schema),
    }));
}

/** What every object has is declared by every schema. */
function schemaOf(stated: unknown): StructuralSchema | null {
  if (!isJsonObject(stated)) return null;
  const properties = isJsonObject(stated.properties) ? stated.properties : {};
  return { ...stated, properties: { ...properties, apiVersion: {}, kind: {}, metadata: {} } };
}

function scaleOf(scale: Readonly<Record<string, unknown>>): ScalePaths | null {
  if (!text(scale.specReplicasPath)) return null;
  return {
    specReplicas: fieldsOf(text(scale.specReplicasPath)),
    statusReplicas: fieldsOf(text(scale.statusReplicasPath)),
    selector: text(scale.labelSelectorPath) ? fieldsOf(text(scale.labelSelectorPath)) : null,
  };
}

/** `.spec.replicas` */
function fieldsOf(path: string): readonly string[] {
  return path.split('.').filter(Boolean);
}

export function typeIdOf(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): string {
  return `${splitApiVersion(object.apiVersion).group}/${object.kind}`;
}

function builtIn(apiVersion: string, marked: string): SandboxType {
  const kind = marked.replace(/[*+#]/g, '');
  const group = splitApiVersion(apiVersion).group;
  return {
    apiVersion,
    kind,
    plural: pluralOf(kind),
    isNamespaced: !marked.includes('*'),
    group,
    id: `${group}/${kind}`,
    isCustom: false,
    hasStatus: /[+#]/.test(marked),
    scale: marked.includes('#') ? builtInScale : null,
    schema: declaredFields[`${group}/${kind}`] ?? null,
  };
}

function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name === 'endpoints') return name;
  if (name.endsWith('y')) return `${name.slice(0, -1)}ies`;
  return /(s|ss|ch)$/.test(name) ? `${name}es` : `${name}s`;
}
