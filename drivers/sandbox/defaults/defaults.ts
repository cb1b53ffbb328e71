import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import { hashText } from '../../../lib/node/hash.js';
import { record, text } from '../../kubernetes/object-fields.js';
import { mapField, withPodDefaults, withQuantities, withResources } from './pod-spec.js';
import { specOf, withLabels, withSpec, workloadDefaults } from './workload-defaults.js';

/** An object with its defaults. Doing it twice changes nothing. */
export type DefaultRule = (object: JsonObject, uid: string) => JsonObject;

/** `object` with the defaults that an API server writes into it, for the kinds that people write most. */
export function withDefaults(object: JsonObject, uid: string): JsonObject {
  const rule = rules[`${text(object.apiVersion)}/${text(object.kind)}`];
  return rule ? rule(object, uid) : object;
}

/** `object` as it is made: with what is written into it only then. */
export function withBirthmarks(object: JsonObject): JsonObject {
  if (object.apiVersion !== 'v1' || object.kind !== 'PersistentVolumeClaim') return object;
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const finalizers = Array.isArray(metadata.finalizers) ? metadata.finalizers : [];
  if (finalizers.includes(claimProtection)) return object;
  return { ...object, metadata: { ...metadata, finalizers: [...finalizers, claimProtection] } };
}

/** Keeps a claim until no pod uses it any more. */
export const claimProtection = 'kubernetes.io/pvc-protection';

const rules: Readonly<Record<string, DefaultRule>> = {
  ...workloadDefaults,
  'v1/Namespace': (object) => ({
    ...object,
    metadata: withLabels(object.metadata, { 'kubernetes.io/metadata.name': text(record(object.metadata).name) }),
    spec: { finalizers: ['kubernetes'] },
    status: object.status ?? { phase: 'Active' },
  }),
  'v1/Secret': (object) => {
    const { stringData, ...rest } = object;
    const encoded = Object.entries(record(stringData)).map(([name, value]) => [
      name,
      Buffer.from(String(value)).toString('base64'),
    ]);
    const data = { ...record(object.data), ...Object.fromEntries(encoded) } as JsonObject;
    return { type: 'Opaque', ...rest, ...(Object.keys(data).length > 0 ? { data } : {}) };
  },
  'v1/Service': (object, uid) => {
    const spec: JsonObject = { type: 'ClusterIP', sessionAffinity: 'None', ...specOf(object) };
    const ports = Array.isArray(spec.ports) ? { ports: spec.ports.map(withServicePort) } : {};
    const within = spec.type === 'ExternalName' ? {} : withAddress(spec, uid);
    return { ...object, spec: { ...within, ...spec, ...ports }, status: object.status ?? { loadBalancer: {} } };
  },
  'v1/PersistentVolumeClaim': (object) => {
    const spec: JsonObject = { storageClassName: 'standard', volumeMode: 'Filesystem', ...specOf(object) };
    return {
      ...object,
      spec: { ...spec, resources: withResources(spec.resources) },
      status: object.status ?? { phase: 'Pending' },
    };
  },
  'v1/Pod': (object) => ({
    ...object,
    spec: withPodDefaults(specOf(object)),
    status: object.status ?? { phase: 'Pending' },
  }),
  'v1/ResourceQuota': (object) => {
    const { hard } = specOf(object);
    return isJsonObject(hard) ? { ...object, spec: { ...specOf(object), hard: withQuantities(hard) } } : object;
  },
  'networking.k8s.io/v1/Ingress': (object) => ({ ...object, status: object.status ?? { loadBalancer: {} } }),
  'networking.k8s.io/v1/NetworkPolicy': (object) => {
    const spec = specOf(object);
    const policyTypes = ['Ingress', ...(spec.egress === undefined ? [] : ['Egress'])];
    const ported = (rule: JsonObject) => ({ ...rule, ...mapField(rule, 'ports', withProtocol) });
    const rulesOf = { ...mapField(spec, 'ingress', ported), ...mapField(spec, 'egress', ported) };
    return { ...object, spec: { policyTypes, ...spec, ...rulesOf } };
  },
  'autoscaling/v2/HorizontalPodAutoscaler': (object) => {
    const target = { type: 'Utilization', averageUtilization: 80 };
    const metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
    return withSpec(object, { minReplicas: 1, metrics, ...specOf(object) });
  },
  'rbac.authorization.k8s.io/v1/RoleBinding': withSubjects,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': withSubjects,
};

function withSubjects(object: JsonObject): JsonObject {
  const named = (subject: JsonObject): JsonObject =>
    subject.kind === 'ServiceAccount' ? subject : { apiGroup: 'rbac.authorization.k8s.io', ...subject };
  return { ...object, ...mapField(object, 'subjects', named) };
}

function withProtocol(port: JsonObject): JsonObject {
  return { protocol: 'TCP', ...port };
}

function withServicePort(port: Json): Json {
  return isJsonObject(port)
    ? { protocol: 'TCP', ...(port.port === undefined ? {} : { targetPort: port.port }), ...port }
    : port;
}

function withAddress(spec: JsonObject, uid: string): JsonObject {
  const clusterIP = text(spec.clusterIP) || addressFrom(uid);
  const isOutside = spec.type === 'LoadBalancer' || spec.type === 'NodePort';
  return {
    clusterIP,
    clusterIPs: [clusterIP],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    internalTrafficPolicy: 'Cluster',
    ...(isOutside ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(spec.type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
  };
}

/** An address of 10.96.0.0/12 that follows from the uid, so that nothing has to be kept about it. */
function addressFrom(uid: string): string {
  const bits = Number.parseInt(hashText(uid).slice(0, 6), 16);
  return `10.${96 + (bits >> 20)}.${(bits >> 8) & 255}.${bits & 255 || 1}`;
}
