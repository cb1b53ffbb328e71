import { apiService } from './api-service.js';
import { autoscaler } from './autoscaler.js';
import type { Behaviour } from './behaviour.js';
import { budget } from './budget.js';
import { cronJob } from './cron-job.js';
import { customResourceDefinition } from './custom-resource-definition.js';
import { daemonSet } from './daemon-set.js';
import { deployment } from './deployment.js';
import { gateway, httpRoute } from './gateway.js';
import { ingress } from './ingress.js';
import { job } from './job.js';
import { namespace } from './namespace.js';
import { persistentVolumeClaim } from './persistent-volume-claim.js';
import { pod } from './pod.js';
import { replicaSet } from './replica-set.js';
import { resourceQuota } from './resource-quota.js';
import { service } from './service.js';
import { statefulSet } from './stateful-set.js';

/** By the type's id. Kinds that are not here just lie there. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  '/Namespace': namespace,
  '/Pod': pod,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  '/ResourceQuota': resourceQuota,
  '/Service': service,
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'batch/Job': job,
  'batch/CronJob': cronJob,
  'networking.k8s.io/Ingress': ingress,
  'gateway.networking.k8s.io/Gateway': gateway,
  'gateway.networking.k8s.io/HTTPRoute': httpRoute,
  'apiregistration.k8s.io/APIService': apiService,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'policy/PodDisruptionBudget': budget,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
};
