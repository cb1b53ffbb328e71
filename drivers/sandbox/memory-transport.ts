import type { ApiRequest, Transport } from '../kubernetes/transport.js';
import type { SandboxWorld } from './world.js';

/** Reaches a cluster of a world in the same process. Bodies are copied on their way in; answers are frozen. */
export function createMemoryTransport(world: SandboxWorld, cluster: string): Transport {
  const closed = new AbortController();
  const sent = (request: ApiRequest): ApiRequest => ({
    ...request,
    ...(request.body === undefined ? {} : { body: JSON.parse(JSON.stringify(request.body)) as unknown }),
    signal: AbortSignal.any([request.signal, closed.signal]),
  });
  return {
    host: `sandbox/${cluster}`,
    request: (request) => world.request(cluster, sent(request)),
    stream: (request, onLine) => world.stream(cluster, sent(request), onLine),
    async close() {
      closed.abort();
    },
  };
}
