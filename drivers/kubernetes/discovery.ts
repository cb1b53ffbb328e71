import { splitApiVersion } from './api-version.js';
import type { ResourceType } from './driver.js';
import { responseError } from './response-error.js';
import type { Transport } from './transport.js';

/** How the cluster serves kinds, kept per API version. */
export interface Discovery {
  /** Null when the cluster does not serve the kind. What is not known is asked for every time: a CRD may have appeared. */
  resolve(apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceType | null>;
  /** Called when the server did not know a path that was found here: a CRD may have gone or come back otherwise. */
  forget(apiVersion: string): void;
  /** The same for all versions of a group. */
  forgetGroup(group: string): void;
}

export function createDiscovery(transport: Transport): Discovery {
  const known = new Map<string, ReadonlyMap<string, ResourceType>>();
  const running = new Map<string, Promise<ReadonlyMap<string, ResourceType>>>();

  // What was asked before something was forgotten may be the old truth, and is not kept.
  let forgotten = 0;

  const load = (apiVersion: string, signal: AbortSignal) => {
    const started = running.get(apiVersion);
    if (started) return started;
    const loading = readTypes(transport, apiVersion, signal).finally(() => {
      if (running.get(apiVersion) === loading) running.delete(apiVersion);
    });
    running.set(apiVersion, loading);
    return loading;
  };

  return {
    async resolve(apiVersion, kind, signal) {
      const found = known.get(apiVersion)?.get(kind);
      if (found) return found;
      const before = forgotten;
      // Two callers share one request, so one that gave up must not end the other's: that one asks again by itself.
      const types = await load(apiVersion, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        if (error instanceof Error && error.name === 'AbortError') return readTypes(transport, apiVersion, signal);
        throw error;
      });
      if (forgotten === before) known.set(apiVersion, types);
      return types.get(kind) ?? null;
    },
    forget(apiVersion) {
      forgotten += 1;
      known.delete(apiVersion);
      running.delete(apiVersion);
    },
    forgetGroup(group) {
      forgotten += 1;
      for (const types of [known, running]) {
        for (const apiVersion of types.keys())
          if (splitApiVersion(apiVersion).group === group) types.delete(apiVersion);
      }
    },
  };
}

/** `/api/v1` for the core group, `/apis/GROUP/VERSION` for the others. */
export function rootOf(apiVersion: string): string {
  const root = apiVersion.includes('/') ? '/apis/' : '/api/';
  return `${root}${apiVersion.split('/').map(encodeURIComponent).join('/')}`;
}

async function readTypes(
  transport: Transport,
  apiVersion: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ResourceType>> {
  const response = await transport.request({ method: 'GET', path: rootOf(apiVersion), signal });
  if (response.status === 404) return new Map();
  if (response.status !== 200) throw responseError(`Asking ${transport.host} what ${apiVersion} serves`, response);
  const { resources = [] } = response.body as { resources?: readonly ApiResource[] };
  // Those with a slash are subresources: `deployments/scale`.
  const types = resources
    .filter((resource) => !resource.name.includes('/'))
    .map((resource) => toType(apiVersion, resource));
  return new Map(types.map((type) => [type.kind, type]));
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function toType(apiVersion: string, resource: ApiResource): ResourceType {
  return { apiVersion, kind: resource.kind, plural: resource.name, isNamespaced: resource.namespaced };
}
