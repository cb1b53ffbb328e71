import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';

/** Where objects of these kinds hold the templates of what is made from them. */
const paths: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'apps/Deployment': [['spec', 'template']],
  'apps/StatefulSet': [['spec', 'template']],
  'apps/DaemonSet': [['spec', 'template']],
  'apps/ReplicaSet': [['spec', 'template']],
  '/ReplicationController': [['spec', 'template']],
  'batch/Job': [['spec', 'template']],
  // Its jobs too: that the last one failed is what there is to say of it.
  'batch/CronJob': [
    ['spec', 'jobTemplate'],
    ['spec', 'jobTemplate', 'spec', 'template'],
  ],
};

/** Where an object holds the templates of what is made from it; none for most kinds. */
export function templatePathsOf(object: { readonly apiVersion: string; readonly kind: string }) {
  return paths[`${splitApiVersion(object.apiVersion).group}/${object.kind}`] ?? [];
}
