import type { JsonObject } from '../../../lib/canonical.js';
import type { StructuralSchema } from './structural-schema.js';

/*
 * The fields of the built-in kinds that people write by hand most, as far down as a container: enough to find a field that
 * is mistyped. What is not here is open.
 */

const open: StructuralSchema = {};

function closed(fields: string, known: JsonObject = {}): StructuralSchema {
  const properties = Object.fromEntries(fields.split(' ').map((name) => [name, open]));
  return { type: 'object', properties: { ...properties, ...known } };
}

const integer: StructuralSchema = { type: 'integer' };

const container = closed(
  'name image command args workingDir ports envFrom env resources resizePolicy restartPolicy restartPolicyRules volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty',
);

const containers: StructuralSchema = { type: 'array', items: container };

const podSpec = closed(
  'volumes ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources hostnameOverride schedulingGroup',
  { containers, initContainers: containers },
);

const template = closed('metadata', { spec: podSpec });

const jobSpec = closed(
  'parallelism completions activeDeadlineSeconds podFailurePolicy successPolicy backoffLimitPerIndex maxFailedIndexes selector manualSelector ttlSecondsAfterFinished completionMode suspend podReplacementPolicy managedBy',
  { template, backoffLimit: integer },
);

const withSpec = (spec: StructuralSchema) => closed('apiVersion kind metadata status', { spec });

/** By the type's id. */
export const declaredFields: Readonly<Record<string, StructuralSchema>> = {
  '/ConfigMap': closed('apiVersion kind metadata data binaryData immutable'),
  '/Secret': closed('apiVersion kind metadata data stringData type immutable'),
  '/Pod': withSpec(podSpec),
  '/Service': withSpec(
    closed(
      'ports selector clusterIP clusterIPs type externalIPs sessionAffinity loadBalancerIP loadBalancerSourceRanges externalName externalTrafficPolicy healthCheckNodePort publishNotReadyAddresses sessionAffinityConfig ipFamilies ipFamilyPolicy loadBalancerClass internalTrafficPolicy allocateLoadBalancerNodePorts trafficDistribution',
    ),
  ),
  'apps/Deployment': withSpec(
    closed('selector strategy minReadySeconds revisionHistoryLimit paused progressDeadlineSeconds', {
      template,
      replicas: integer,
    }),
  ),
  'apps/StatefulSet': withSpec(
    closed(
      'selector volumeClaimTemplates serviceName podManagementPolicy updateStrategy revisionHistoryLimit minReadySeconds persistentVolumeClaimRetentionPolicy ordinals',
      { template, replicas: integer },
    ),
  ),
  'apps/DaemonSet': withSpec(closed('selector updateStrategy minReadySeconds revisionHistoryLimit', { template })),
  'batch/Job': withSpec(jobSpec),
  'batch/CronJob': withSpec(
    closed(
      'schedule timeZone startingDeadlineSeconds concurrencyPolicy suspend successfulJobsHistoryLimit failedJobsHistoryLimit',
      { jobTemplate: closed('metadata', { spec: jobSpec }) },
    ),
  ),
};
