import { autoscaler } from './autoscaler.js';
import type { Behaviour } from './behaviour.js';
import { budget } from './budget.js';
import { customResourceDefinition, namespace } from './cluster-kinds.js';
import { daemonSet } from './daemon-set.js';
import { deployment } from './deployment.js';
import { job } from './job.js';
import { pod } from './pod.js';
import { replicaSet } from './replica-set.js';
import { resourceQuota } from './resource-quota.js';
import { statefulSet } from './stateful-set.js';
import { persistentVolumeClaim, service } from './storage-and-network.js';

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
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'policy/PodDisruptionBudget': budget,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
};
