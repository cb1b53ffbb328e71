import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import { canonicalQuantity } from '../quantity.js';

/** A pod's spec with what an API server writes into it (k8s.io/kubernetes/pkg/apis/core/v1/defaults.go). */
export function withPodDefaults(spec: JsonObject): JsonObject {
  const { serviceAccountName } = spec;
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    ...(serviceAccountName === undefined ? {} : { serviceAccount: serviceAccountName }),
    ...mapField(spec, 'containers', withContainerDefaults),
    ...mapField(spec, 'initContainers', withContainerDefaults),
    ...mapField(spec, 'volumes', withVolumeDefaults),
  };
}

/** The same for a pod template, which always has metadata. */
export function withTemplateDefaults(template: Json | undefined): JsonObject {
  const { spec, ...rest } = isJsonObject(template) ? template : {};
  return { metadata: {}, ...rest, spec: withPodDefaults(isJsonObject(spec) ? spec : {}) };
}

/** Amounts as API servers write them: `0.5` is `500m`, `1024Mi` is `1Gi`. */
export function withQuantities(amounts: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, canonicalQuantity(amount)]));
}

/** Requests and limits of a container or a claim. */
export function withResources(resources: Json | undefined): JsonObject {
  if (!isJsonObject(resources)) return {};
  const { requests, limits } = resources;
  return {
    ...resources,
    ...(isJsonObject(requests) ? { requests: withQuantities(requests) } : {}),
    ...(isJsonObject(limits) ? { limits: withQuantities(limits) } : {}),
  };
}

function withContainerDefaults(container: JsonObject): JsonObject {
  const image = typeof container.image === 'string' ? container.image : '';
  const tag = /:([^:/]+)$/.exec(image.split('@')[0] ?? '')?.[1] ?? 'latest';
  const isPinned = tag !== 'latest' || image.includes('@');
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isPinned ? 'IfNotPresent' : 'Always',
    ...container,
    resources: withResources(container.resources),
    ...mapField(container, 'ports', (port) => ({ protocol: 'TCP', ...port })),
    ...mapField(container, 'env', withVariableDefaults),
    ...probe(container, 'livenessProbe'),
    ...probe(container, 'readinessProbe'),
    ...probe(container, 'startupProbe'),
    ...(isJsonObject(container.lifecycle) ? { lifecycle: withLifecycle(container.lifecycle) } : {}),
  };
}

function withVariableDefaults(variable: JsonObject): JsonObject {
  const from = variable.valueFrom;
  if (!isJsonObject(from) || !isJsonObject(from.fieldRef)) return variable;
  return { ...variable, valueFrom: { ...from, fieldRef: { apiVersion: 'v1', ...from.fieldRef } } };
}

function probe(container: JsonObject, field: string): JsonObject {
  const found = container[field];
  if (!isJsonObject(found)) return {};
  const defaults = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  return { [field]: { ...defaults, ...withScheme(found) } };
}

function withLifecycle(lifecycle: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(lifecycle).map(([name, handler]) => [name, isJsonObject(handler) ? withScheme(handler) : handler]),
  );
}

function withScheme(handler: JsonObject): JsonObject {
  const { httpGet } = handler;
  return isJsonObject(httpGet) ? { ...handler, httpGet: { path: '/', scheme: 'HTTP', ...httpGet } } : handler;
}

function withVolumeDefaults(volume: JsonObject): JsonObject {
  const kinds = Object.entries(volume).filter(([name]) => name !== 'name');
  if (kinds.length === 0) return { ...volume, emptyDir: {} };
  return {
    ...volume,
    ...Object.fromEntries(
      kinds.map(([kind, source]) => [kind, isJsonObject(source) ? withSource(kind, source) : source]),
    ),
  };
}

function withSource(kind: string, source: JsonObject): JsonObject {
  switch (kind) {
    case 'configMap':
    case 'secret':
      return { defaultMode: 420, ...source };
    case 'downwardAPI':
      return { defaultMode: 420, ...source, ...mapField(source, 'items', withFieldVersion) };
    case 'projected':
      return { defaultMode: 420, ...source, ...mapField(source, 'sources', withProjection) };
    case 'hostPath':
      return { type: '', ...source };
    default:
      return source;
  }
}

function withProjection(source: JsonObject): JsonObject {
  const { serviceAccountToken, downwardAPI } = source;
  if (isJsonObject(serviceAccountToken)) {
    return { ...source, serviceAccountToken: { expirationSeconds: 3600, ...serviceAccountToken } };
  }
  if (!isJsonObject(downwardAPI)) return source;
  return { ...source, downwardAPI: { ...downwardAPI, ...mapField(downwardAPI, 'items', withFieldVersion) } };
}

function withFieldVersion(item: JsonObject): JsonObject {
  return isJsonObject(item.fieldRef) ? { ...item, fieldRef: { apiVersion: 'v1', ...item.fieldRef } } : item;
}

/** `{ [field]: ... }` with each object of a list changed; nothing when there is no such list. */
export function mapField(object: JsonObject, field: string, change: (item: JsonObject) => JsonObject): JsonObject {
  const items = object[field];
  if (!Array.isArray(items)) return {};
  return { [field]: items.map((item: Json) => (isJsonObject(item) ? change(item) : item)) };
}
