import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { hashText } from '../../lib/node/hash.js';
import { record, text } from '../kubernetes/object-fields.js';

/** `object` with the defaults that an API server writes into it. Only those that something here or a controller relies on. */
export function withDefaults(object: JsonObject, uid: string): JsonObject {
  const rule = rules[`${text(object.apiVersion)}/${text(object.kind)}`];
  return rule ? rule(object, uid) : object;
}

type Rule = (object: JsonObject, uid: string) => JsonObject;

const rules: Readonly<Record<string, Rule>> = {
  'v1/Namespace': (object) => ({
    ...withLabel(object, 'kubernetes.io/metadata.name', nameOf(object)),
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
    const address = spec.type === 'ExternalName' ? {} : { clusterIP: spec.clusterIP ?? addressFrom(uid) };
    const ports = Array.isArray(spec.ports) ? { ports: spec.ports.map(withServicePort) } : {};
    return { ...object, spec: { ...spec, ...address, ...ports }, status: object.status ?? { loadBalancer: {} } };
  },
  'v1/PersistentVolumeClaim': (object) => ({
    ...object,
    spec: { storageClassName: 'standard', volumeMode: 'Filesystem', ...specOf(object) },
    status: object.status ?? { phase: 'Pending' },
  }),
  'v1/Pod': (object) => ({
    ...object,
    spec: { restartPolicy: 'Always', ...specOf(object) },
    status: object.status ?? { phase: 'Pending' },
  }),
  'apps/v1/Deployment': (object) =>
    withSpec(object, {
      replicas: 1,
      strategy: { type: 'RollingUpdate' },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    }),
  'apps/v1/ReplicaSet': (object) => withSpec(object, { replicas: 1 }),
  'apps/v1/StatefulSet': (object) =>
    withSpec(object, { replicas: 1, podManagementPolicy: 'OrderedReady', updateStrategy: { type: 'RollingUpdate' } }),
  'apps/v1/DaemonSet': (object) => withSpec(object, { updateStrategy: { type: 'RollingUpdate' } }),
  'batch/v1/CronJob': (object) =>
    withSpec(object, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    }),
  'batch/v1/Job': (object, uid) => {
    const labels = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': nameOf(object) };
    const spec: JsonObject = { completions: 1, parallelism: 1, backoffLimit: 6, suspend: false, ...specOf(object) };
    const template = mergeLabels(isJsonObject(spec.template) ? spec.template : {}, labels);
    const selector = spec.selector ?? { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
    return { ...object, spec: { ...spec, selector, template } };
  },
};

function withSpec(object: JsonObject, defaults: JsonObject): JsonObject {
  return { ...object, spec: { ...defaults, ...specOf(object) }, status: object.status ?? {} };
}

function specOf(object: JsonObject): JsonObject {
  return isJsonObject(object.spec) ? object.spec : {};
}

function nameOf(object: JsonObject): string {
  return text(record(object.metadata).name);
}

function withLabel(object: JsonObject, name: string, value: string): JsonObject {
  return mergeLabels(object, { [name]: value });
}

function mergeLabels(object: JsonObject, labels: JsonObject): JsonObject {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const before = isJsonObject(metadata.labels) ? metadata.labels : {};
  return { ...object, metadata: { ...metadata, labels: { ...before, ...labels } } };
}

function withServicePort(port: Json): Json {
  return isJsonObject(port)
    ? { protocol: 'TCP', ...(port.port === undefined ? {} : { targetPort: port.port }), ...port }
    : port;
}

/** An address of 10.96.0.0/12 that follows from the uid, so that nothing has to be kept about it. */
function addressFrom(uid: string): string {
  const bits = Number.parseInt(hashText(uid).slice(0, 6), 16);
  return `10.${96 + (bits >> 20)}.${(bits >> 8) & 255}.${bits & 255 || 1}`;
}
