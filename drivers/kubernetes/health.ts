import { splitApiVersion } from './api-version.js';
import type { KubernetesObject } from './driver.js';
import { conditionsHealth } from './health/conditions-health.js';
import { apiServiceHealth, definitionHealth } from './health/definition-health.js';
import { gatewayHealth, routeHealth } from './health/gateway-health.js';
import { cronJobHealth, jobHealth } from './health/job-health.js';
import { ingressHealth, serviceHealth } from './health/network-health.js';
import { podHealth } from './health/pod-health.js';
import type { RelatedObjects } from './health/related-objects.js';
import { autoscalerHealth, budgetHealth } from './health/scaling-health.js';
import { claimHealth } from './health/storage-health.js';
import { healthy, progressing } from './health/verdict.js';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './health/workload-health.js';
import { type ObjectHealth, record } from './object-fields.js';

/**
 * Whether an object works, from what the cluster says about it. Pure, and a function of what was seen alone: no clock and
 * no counter, so that equal observations give equal answers. `message` is empty when there is nothing to add.
 */
export function objectHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  if (object.metadata.deletionTimestamp) {
    return progressing(`${object.kind} ${object.metadata.name} is being deleted.`, 'Terminating');
  }
  const rule = rules[`${splitApiVersion(object.apiVersion).group}/${object.kind}`] ?? conditionsHealth;
  return rule(object, related);
}

type Rule = (object: KubernetesObject, related: RelatedObjects) => ObjectHealth;

const rules: Readonly<Record<string, Rule>> = {
  'apps/Deployment': deploymentHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'apps/StatefulSet': statefulSetHealth,
  'apps/DaemonSet': daemonSetHealth,
  'batch/Job': jobHealth,
  'batch/CronJob': cronJobHealth,
  '/Pod': podHealth,
  '/PersistentVolumeClaim': claimHealth,
  '/Service': serviceHealth,
  '/Namespace': (object) =>
    record(object.status).phase === 'Terminating' ? progressing('It is being deleted.', 'Terminating') : healthy,
  'networking.k8s.io/Ingress': ingressHealth,
  'gateway.networking.k8s.io/Gateway': gatewayHealth,
  'gateway.networking.k8s.io/HTTPRoute': routeHealth,
  'gateway.networking.k8s.io/GRPCRoute': routeHealth,
  'gateway.networking.k8s.io/TLSRoute': routeHealth,
  'gateway.networking.k8s.io/TCPRoute': routeHealth,
  'gateway.networking.k8s.io/UDPRoute': routeHealth,
  'autoscaling/HorizontalPodAutoscaler': autoscalerHealth,
  'policy/PodDisruptionBudget': budgetHealth,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionHealth,
  'apiregistration.k8s.io/APIService': apiServiceHealth,
};

/** `group/Kind` of the kinds whose health is known by more than their conditions. */
export const ruledKinds: readonly string[] = Object.keys(rules);
