import type { Duplex } from 'node:stream';
import { errorText } from '../lib/errors.js';
import { createLate } from './late.js';
import type { Sockets, SocketsOptions } from './sockets.js';

/**
 * Sockets that are loaded late: with the package that speaks the protocol come Node's TLS, compression and HTTPS, a
 * twentieth of what a start costs.
 */
export function createLateSockets(options: SocketsOptions): Sockets {
  let isClosed = false;
  const late = createLate(options.clock, async () => (await import('./sockets.js')).createSockets(options));
  const end = (duplex: Duplex) => void duplex.destroy();

  return {
    upgrade(request, duplex, head) {
      const loaded = late.now();
      if (loaded) return loaded.upgrade(request, duplex, head);
      // What comes on it meanwhile waits in it.
      late.load().then(
        (sockets) => (isClosed ? end(duplex) : sockets.upgrade(request, duplex, head)),
        (error: unknown) => {
          options.log.error('What serves sockets could not be loaded', { reason: errorText(error) });
          end(duplex);
        },
      );
    },
    stats: () => late.now()?.stats() ?? { sockets: 0, subscriptions: 0 },
    async close() {
      isClosed = true;
      await (await late.end())?.close();
    },
  };
}
