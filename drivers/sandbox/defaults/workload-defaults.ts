import { isJsonObject, type JsonObject } from '../../../lib/canonical.js';
import { record, text } from '../../kubernetes/object-fields.js';
import type { DefaultRule } from './defaults.js';
import { mapField, withResources, withTemplateDefaults } from './pod-spec.js';

/** What an API server writes into the kinds that make pods. */
export const workloadDefaults: Readonly<Record<string, DefaultRule>> = {
  'apps/v1/Deployment': (object) => {
    const spec = specOf(object);
    const strategy = isJsonObject(spec.strategy) ? spec.strategy : {};
    const rolling = { maxUnavailable: '25%', maxSurge: '25%', ...record(strategy.rollingUpdate) } as JsonObject;
    const isRolling = (strategy.type ?? 'RollingUpdate') === 'RollingUpdate';
    return withSpec(object, {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
      strategy: isRolling ? { type: 'RollingUpdate', ...strategy, rollingUpdate: rolling } : strategy,
      template: withTemplateDefaults(spec.template),
    });
  },
  'apps/v1/ReplicaSet': (object) => {
    const spec = specOf(object);
    return withSpec(object, { replicas: 1, ...spec, template: withTemplateDefaults(spec.template) });
  },
  'apps/v1/StatefulSet': (object) => {
    const spec = specOf(object);
    return withSpec(object, {
      replicas: 1,
      podManagementPolicy: 'OrderedReady',
      revisionHistoryLimit: 10,
      ...spec,
      updateStrategy: withRolling(spec.updateStrategy, { partition: 0 }),
      persistentVolumeClaimRetentionPolicy: {
        whenDeleted: 'Retain',
        whenScaled: 'Retain',
        ...record(spec.persistentVolumeClaimRetentionPolicy),
      } as JsonObject,
      template: withTemplateDefaults(spec.template),
      ...mapField(spec, 'volumeClaimTemplates', withClaimDefaults),
    });
  },
  'apps/v1/DaemonSet': (object) => {
    const spec = specOf(object);
    return withSpec(object, {
      revisionHistoryLimit: 10,
      ...spec,
      updateStrategy: withRolling(spec.updateStrategy, { maxUnavailable: 1, maxSurge: 0 }),
      template: withTemplateDefaults(spec.template),
    });
  },
  'batch/v1/Job': (object, uid) => {
    const spec = specOf(object);
    const name = text(record(object.metadata).name);
    const labels = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
    };
    return {
      ...object,
      metadata: withLabels(object.metadata, labels),
      spec: {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        suspend: false,
        completionMode: 'NonIndexed',
        manualSelector: false,
        podReplacementPolicy: 'TerminatingOrFailed',
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
        ...spec,
        template: labelled(withTemplateDefaults(spec.template), labels),
      },
      status: object.status ?? {},
    };
  },
  'batch/v1/CronJob': (object) => {
    const spec = specOf(object);
    const job = isJsonObject(spec.jobTemplate) ? spec.jobTemplate : {};
    const jobSpec = isJsonObject(job.spec) ? job.spec : {};
    return withSpec(object, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      ...spec,
      jobTemplate: { metadata: {}, ...job, spec: { ...jobSpec, template: withTemplateDefaults(jobSpec.template) } },
    });
  },
};

export function specOf(object: JsonObject): JsonObject {
  return isJsonObject(object.spec) ? object.spec : {};
}

export function withSpec(object: JsonObject, spec: JsonObject): JsonObject {
  return { ...object, spec, status: object.status ?? {} };
}

export function withLabels(metadata: unknown, labels: JsonObject): JsonObject {
  const before = isJsonObject(metadata) ? metadata : {};
  return { ...before, labels: { ...(isJsonObject(before.labels) ? before.labels : {}), ...labels } };
}

function labelled(template: JsonObject, labels: JsonObject): JsonObject {
  return { ...template, metadata: withLabels(template.metadata, labels) };
}

function withRolling(strategy: unknown, defaults: JsonObject): JsonObject {
  const stated = isJsonObject(strategy) ? strategy : {};
  if ((stated.type ?? 'RollingUpdate') !== 'RollingUpdate') return stated;
  const rollingUpdate = { ...defaults, ...record(stated.rollingUpdate) } as JsonObject;
  return { type: 'RollingUpdate', ...stated, rollingUpdate };
}

function withClaimDefaults(claim: JsonObject): JsonObject {
  const spec = specOf(claim);
  return {
    kind: 'PersistentVolumeClaim',
    apiVersion: 'v1',
    ...claim,
    spec: { volumeMode: 'Filesystem', ...spec, resources: withResources(spec.resources) },
    status: claim.status ?? { phase: 'Pending' },
  };
}
