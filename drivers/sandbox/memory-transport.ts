import type { ApiRequest, Transport } from '../kubernetes/transport.js';
import type { SandboxWorld, WorldRequest } from './world.js';

/** Reaches a cluster of a world in the same process. Bodies are copied on their way in; answers are frozen. `token`: of a service account. */
export function createMemoryTransport(world: SandboxWorld, cluster: string, token?: string): Transport {
  const closed = new AbortController();
  const sent = (request: ApiRequest): WorldRequest => ({
    ...request,
    ...(token === undefined ? {} : { token }),
    ...(request.body === undefined ? {} : { body: JSON.parse(JSON.stringify(request.body)) as unknown }),
    signal: AbortSignal.any([request.signal, closed.signal]),
  });
  return {
    host: `sandbox/${cluster}`,
    request: (request) => world.request(cluster, sent(request)),
    stream: (request, onLine) => world.stream(cluster, sent(request), onLine),
    lines: (request, onLines) => world.lines(cluster, sent(request), onLines),
    async close() {
      closed.abort();
    },
  };
}
