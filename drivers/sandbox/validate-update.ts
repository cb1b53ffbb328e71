import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { list, record, text } from '../kubernetes/object-fields.js';
import { type FieldProblem, invalid } from './invalid.js';
import { parseQuantity } from './quantity.js';
import type { SandboxType } from './type-table.js';

/** Throws 422 when `after` changes what a cluster does not let change, in an API server's words. */
export function validateUpdate(type: SandboxType, before: KubernetesObject, after: KubernetesObject): void {
  const problems = rules[type.id]?.(before, after) ?? [];
  if (problems.length > 0) throw invalid(type, after.metadata.name, problems);
}

type Rule = (before: KubernetesObject, after: KubernetesObject) => readonly FieldProblem[];

const rules: Readonly<Record<string, Rule>> = {
  'apps/Deployment': fixedSpec('selector'),
  'apps/ReplicaSet': fixedSpec('selector'),
  'apps/DaemonSet': fixedSpec('selector'),
  'apps/StatefulSet': statefulSetProblems,
  'batch/Job': fixedSpec('completions', 'selector', 'template', 'completionMode', 'podFailurePolicy'),
  '/ConfigMap': frozenProblems,
  '/Secret': (before, after) => [
    ...(before.type === after.type ? [] : [{ field: 'type', value: after.type, why: 'field is immutable' }]),
    ...frozenProblems(before, after),
  ],
  '/Service': addressProblems,
  '/PersistentVolumeClaim': claimProblems,
  '/Pod': podProblems,
  'rbac.authorization.k8s.io/RoleBinding': roleProblems,
  'rbac.authorization.k8s.io/ClusterRoleBinding': roleProblems,
  'apiextensions.k8s.io/CustomResourceDefinition': fixedSpec('scope'),
};

function fixedSpec(...fields: readonly string[]): Rule {
  return (before, after) =>
    fields
      .filter((field) => !isSameJson(record(before.spec)[field] ?? null, record(after.spec)[field] ?? null))
      .map((field) => ({
        field: `spec.${field}`,
        value: record(after.spec)[field] ?? null,
        why: 'field is immutable',
      }));
}

const mutableInStatefulSet = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function statefulSetProblems(before: KubernetesObject, after: KubernetesObject): readonly FieldProblem[] {
  if (isSameJson(omit(before.spec, mutableInStatefulSet), omit(after.spec, mutableInStatefulSet))) return [];
  const quoted = mutableInStatefulSet.map((field) => `'${field}'`);
  const allowed = `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
  return [
    { field: 'spec', why: `Forbidden: updates to statefulset spec for fields other than ${allowed} are forbidden` },
  ];
}

/** A ConfigMap or Secret that says it never changes. */
function frozenProblems(before: KubernetesObject, after: KubernetesObject): readonly FieldProblem[] {
  if (before.immutable !== true) return [];
  const why = 'Forbidden: field is immutable when `immutable` is set';
  return [
    ...(after.immutable === true ? [] : [{ field: 'immutable', why }]),
    ...['data', 'binaryData']
      .filter((field) => !isSameJson(before[field] ?? {}, after[field] ?? {}))
      .map((field) => ({ field, why })),
  ];
}

function addressProblems(before: KubernetesObject, after: KubernetesObject): readonly FieldProblem[] {
  const [was, is] = [text(record(before.spec).clusterIP), text(record(after.spec).clusterIP)];
  if (was === '' || is === was || record(after.spec).type === 'ExternalName') return [];
  return [{ field: 'spec.clusterIPs[0]', value: [is], why: 'may not change once set' }];
}

function claimProblems(before: KubernetesObject, after: KubernetesObject): readonly FieldProblem[] {
  if (!isSameJson(omit(before.spec, mutableInClaim), omit(after.spec, mutableInClaim))) {
    const why =
      'Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    return [{ field: 'spec', why }];
  }
  const stored = record(record(before.status).capacity).storage;
  const wanted = record(record(record(after.spec).resources).requests).storage;
  if (stored === undefined || parseQuantity(wanted) >= parseQuantity(stored)) return [];
  return [{ field: 'spec.resources.requests.storage', why: 'Forbidden: field can not be less than status.capacity' }];
}

const mutableInClaim = ['resources', 'volumeAttributesClassName'];

function podProblems(before: KubernetesObject, after: KubernetesObject): readonly FieldProblem[] {
  if (isSameJson(withoutImages(before.spec), withoutImages(after.spec))) return [];
  const why =
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [{ field: 'spec', why }];
}

function withoutImages(spec: unknown): JsonObject {
  const rest = omit(spec, ['containers', 'initContainers', 'activeDeadlineSeconds', 'tolerations', 'nodeName']);
  const bare = (field: string) => list(record(spec)[field]).map((container) => omit(container, ['image']));
  return { ...rest, containers: bare('containers'), initContainers: bare('initContainers') };
}

function roleProblems(before: KubernetesObject, after: KubernetesObject): readonly FieldProblem[] {
  if (isSameJson(before.roleRef, after.roleRef)) return [];
  const { apiGroup, kind, name } = record(after.roleRef);
  return [{ field: 'roleRef', value: { APIGroup: apiGroup, Kind: kind, Name: name }, why: 'cannot change roleRef' }];
}

function omit(value: unknown, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(record(value)).filter(([name]) => !fields.includes(name))) as JsonObject;
}
