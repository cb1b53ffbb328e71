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
    async lines(request, onLines) {
      const response = await world.request(cluster, sent(request));
      if (response.status !== 200) return response;
      if (typeof response.body === 'string') await onLines(response.body.replace(/\n$/, '').split('\n'));
      return null;
    },
    async close() {
      closed.abort();
    },
  };
}
