import type { ApiClient } from './api-client.js';

/*
 * What a storage driver would do: makes a PersistentVolume for each claim of our class, bound to it beforehand, and
 * removes the volumes that are released. Kubernetes' own volume controller does the binding, as it does for real.
 * It is level-triggered: a watch only wakes it, and after every wake-up, start and reconnect it looks at everything.
 */

export const storageClassName = 'standard';
const provisionerName = 'volumes.portolan.test';
/** Between a lost watch and the next, and between a failed look and the next. */
const retryMs = 250;

interface Claim {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: {
    readonly accessModes: readonly string[];
    readonly resources: { readonly requests: { readonly storage: string } };
    readonly storageClassName?: string;
    readonly volumeName?: string;
  };
}

interface Volume {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly status: { readonly phase: string };
}

const claimsPath = '/api/v1/persistentvolumeclaims';
const volumesPath = '/api/v1/persistentvolumes';

/** Makes the default storage class, and serves it until `close`. */
export async function startVolumeProvisioner(api: ApiClient): Promise<{ close(): void }> {
  await api.call('POST', '/apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name: storageClassName, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: provisionerName,
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
  });
  let isClosed = false;
  let isDirty = false;
  let isWorking = false;
  let retry: NodeJS.Timeout | null = null;
  const watches = new Map<string, { close(): void }>();

  async function wake(): Promise<void> {
    isDirty = true;
    if (isWorking) return;
    isWorking = true;
    while (isDirty && !isClosed) {
      isDirty = false;
      // The API server may be stopped, or another may have been faster: the next look tells.
      await lookAtAll(api).catch(wakeLater);
    }
    isWorking = false;
  }
  function wakeLater(): void {
    if (isClosed) return;
    if (retry !== null) clearTimeout(retry);
    retry = setTimeout(() => wake(), retryMs).unref();
  }
  function watch(path: string): void {
    if (isClosed) return;
    const onEnd = () => setTimeout(() => watch(path), retryMs).unref();
    watches.set(path, api.watch(`${path}?watch=true`, wake, onEnd));
  }

  watch(claimsPath);
  watch(volumesPath);
  return {
    close() {
      isClosed = true;
      if (retry !== null) clearTimeout(retry);
      for (const { close } of watches.values()) close();
    },
  };
}

async function lookAtAll(api: ApiClient): Promise<void> {
  const { items: claims } = await api.call<{ items: readonly Claim[] }>('GET', claimsPath);
  const { items: volumes } = await api.call<{ items: readonly Volume[] }>('GET', volumesPath);
  const names = new Set(volumes.map(({ metadata }) => metadata.name));
  for (const claim of claims) {
    const isOurs = claim.spec.storageClassName === storageClassName && claim.spec.volumeName === undefined;
    if (isOurs && !names.has(volumeName(claim))) await api.call('POST', volumesPath, volumeFor(claim));
  }
  for (const { metadata, status } of volumes) {
    const isOurs = metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === provisionerName;
    if (isOurs && status.phase === 'Released') await api.call('DELETE', `${volumesPath}/${metadata.name}`);
  }
}

function volumeName(claim: Claim): string {
  return `pvc-${claim.metadata.uid}`;
}

function volumeFor(claim: Claim): object {
  const { name, namespace, uid } = claim.metadata;
  return {
    metadata: { name: volumeName(claim), annotations: { 'pv.kubernetes.io/provisioned-by': provisionerName } },
    spec: {
      capacity: { storage: claim.spec.resources.requests.storage },
      accessModes: claim.spec.accessModes,
      storageClassName,
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      // Nothing mounts it: there are no kubelets.
      hostPath: { path: `/nonexistent/${uid}` },
    },
  };
}
