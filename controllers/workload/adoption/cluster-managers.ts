/**
 * Whether a field manager is a program that looks after a cluster, and no person or tool that a person uses: what it set
 * is its own to set again. Those of GitOps act for people.
 */
export function isClusterManager(manager: string): boolean {
  return !forPeople.test(manager) && cluster.test(manager);
}

const cluster =
  /(^kube-|kubelet|scheduler|apiserver|controller|operator|manager|autoscaler|injector|cainjector|external-(dns|secrets)|provisioner)/i;
const forPeople = /^(kubectl|helm|kustomize-controller|helm-controller|argocd|terraform|pulumi)/i;
