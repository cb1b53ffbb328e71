import { list, record, text } from '../../kubernetes/object-fields.js';
import { ApiError } from '../api-error.js';
import type { ClusterStore } from '../cluster-store.js';
import { matchesSelector } from '../object-selector.js';
import type { Admission, AdmissionRequest } from './admission.js';

/**
 * Webhooks of the cluster's configurations. Nobody answers here, so that each with failurePolicy Fail that matches refuses,
 * unless it names a service with a ready pod: that one admits everything.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export function createWebhookAdmission(store: ClusterStore): Admission {
  return {
    admit(request) {
      // So that a broken webhook can be removed.
      if (request.target.type.group === 'admissionregistration.k8s.io') return;
      for (const kind of ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']) {
        for (const configuration of store.list(`admissionregistration.k8s.io/${kind}`, null)) {
          for (const webhook of list(configuration.webhooks).map(record)) check(store, request, webhook);
        }
      }
    },
  };
}

/** What API servers say of a webhook that they cannot reach. */
export function failedWebhook(name: string, why: string): ApiError {
  const message = `failed calling webhook "${name}": failed to call webhook: ${why}`;
  return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

export function deniedByWebhook(name: string, why: string): ApiError {
  return new ApiError(403, 'Forbidden', `admission webhook "${name}" denied the request: ${why}`);
}

type Webhook = Readonly<Record<string, unknown>>;

function check(store: ClusterStore, request: AdmissionRequest, webhook: Webhook): void {
  if (webhook.failurePolicy === 'Ignore' || !matches(store, request, webhook)) return;
  const why = unreachable(store, webhook);
  if (why) throw failedWebhook(text(webhook.name), why);
}

function matches(store: ClusterStore, { operation, target, object }: AdmissionRequest, webhook: Webhook): boolean {
  const { type, namespace } = target;
  const [, version = type.apiVersion] = type.apiVersion.split('/');
  const isRuled = list(webhook.rules)
    .map(record)
    .some(
      (rule) =>
        has(rule.operations, operation) &&
        has(rule.apiGroups, type.group) &&
        has(rule.apiVersions, version) &&
        (has(rule.resources, type.plural) || has(rule.resources, '*/*')) &&
        (rule.scope === undefined || rule.scope === '*' || (rule.scope === 'Namespaced') === type.isNamespaced),
    );
  if (!isRuled) return false;
  const within = type.id === '/Namespace' ? object : store.get('/Namespace', null, namespace ?? '');
  return (
    (within === null || matchesSelector(webhook.namespaceSelector, within.metadata.labels ?? {})) &&
    matchesSelector(webhook.objectSelector, object.metadata.labels ?? {})
  );
}

function has(values: unknown, wanted: string): boolean {
  return list(values).some((value) => value === '*' || value === wanted);
}

/** Why the webhook's server does not answer; null when it does. */
function unreachable(store: ClusterStore, webhook: Webhook): string | null {
  const { url, service } = record(webhook.clientConfig);
  const timeout = `?timeout=${Number(webhook.timeoutSeconds ?? 10)}s`;
  if (url !== undefined) {
    const { hostname, port } = new URL(text(url));
    const isAddress = /^[\d.]+$|:/.test(hostname);
    const dial = isAddress
      ? `dial tcp ${hostname}:${port || 443}: connect: connection refused`
      : `dial tcp: lookup ${hostname}: no such host`;
    return `Post "${text(url)}${timeout}": ${dial}`;
  }
  const { namespace, name, path = '/', port = 443 } = record(service);
  const address = `Post "https://${text(name)}.${text(namespace)}.svc:${Number(port)}${text(path)}${timeout}"`;
  const found = store.get('/Service', text(namespace), text(name));
  if (!found) return `${address}: service "${text(name)}" not found`;
  const selector = record(record(found.spec).selector);
  const isServed = store
    .list('/Pod', text(namespace))
    .some((pod) => isReady(pod.status) && matchesSelector({ matchLabels: selector }, pod.metadata.labels ?? {}));
  return isServed ? null : `${address}: no endpoints available for service "${text(name)}"`;
}

function isReady(status: unknown): boolean {
  return list(record(status).conditions)
    .map(record)
    .some(({ type, status: value }) => type === 'Ready' && value === 'True');
}
