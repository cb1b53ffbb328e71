import type { Duplex } from 'node:stream';
import { errorText } from '../lib/errors.js';
import type { Sockets, SocketsOptions } from './sockets.js';

/**
 * Sockets that are loaded a moment after the start, or when the first one comes: with the package that speaks the
 * protocol come Node's TLS, compression and HTTPS, a twentieth of what a start costs.
 */
export function createLateSockets(options: SocketsOptions): Sockets {
  let loaded: Sockets | null = null;
  let loading: Promise<Sockets> | null = null;
  let isClosed = false;

  const open = (): Promise<Sockets> => {
    loading ??= import('./sockets.js').then(
      ({ createSockets }) => {
        loaded = createSockets(options);
        return loaded;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  const cancel = options.clock.after(LOADED_AFTER_MS, () => void open().catch(() => {}));
  const end = (duplex: Duplex) => void duplex.destroy();

  return {
    upgrade(request, duplex, head) {
      if (loaded) return loaded.upgrade(request, duplex, head);
      // What comes on it meanwhile waits in it.
      open().then(
        (sockets) => (isClosed ? end(duplex) : sockets.upgrade(request, duplex, head)),
        (error: unknown) => {
          options.log.error('What serves sockets could not be loaded', { reason: errorText(error) });
          end(duplex);
        },
      );
    },
    stats: () => loaded?.stats() ?? { sockets: 0, subscriptions: 0 },
    async close() {
      isClosed = true;
      cancel();
      await (await loading?.catch(() => null))?.close();
    },
  };
}

/** The first answer is given by then. */
const LOADED_AFTER_MS = 1_000;
