import type { ClusterStore } from '../cluster-store.js';
import type { Faults } from '../faults.js';
import { forbidden } from '../write-target.js';
import type { Admission, AdmissionRequest } from './admission.js';
import { createQuotaAdmission } from './quota.js';
import { createWebhookAdmission, deniedByWebhook, failedWebhook } from './webhook.js';

/** All that has a say in what a cluster stores: its webhooks, its quotas, and the faults that play either. */
export function createClusterAdmission(store: ClusterStore, faults: Faults): Admission {
  const webhooks = createWebhookAdmission(store);
  const quotas = createQuotaAdmission(store);
  return {
    admit(request) {
      playWebhook(store, faults, request);
      webhooks.admit(request);
      playQuota(store, faults, request);
      quotas.admit(request);
    },
  };
}

function playWebhook(store: ClusterStore, faults: Faults, request: AdmissionRequest): void {
  const fault = faults.take('webhook', subjectOf(store, request));
  if (!fault) return;
  const name = fault.name ?? 'guard.sandbox.test';
  if (fault.message !== undefined) throw deniedByWebhook(name, fault.message);
  throw failedWebhook(name, `Post "https://${name}:443/?timeout=10s": context deadline exceeded`);
}

function playQuota(store: ClusterStore, faults: Faults, request: AdmissionRequest): void {
  if (request.operation !== 'CREATE') return;
  const fault = faults.take('quota', subjectOf(store, request));
  if (!fault) return;
  const { plural, group } = request.target.type;
  const what = group ? `count/${plural}.${group}` : plural;
  const why = `exceeded quota: ${fault.name ?? 'sandbox'}, requested: ${what}=1, used: ${what}=1, limited: ${what}=1`;
  throw forbidden(request.target, why);
}

function subjectOf(store: ClusterStore, { operation, target }: AdmissionRequest) {
  const verb = ({ CREATE: 'create', UPDATE: 'update', DELETE: 'delete' } as const)[operation];
  return { cluster: store.name, kind: target.type.kind, namespace: target.namespace, name: target.name, verb };
}
