import type { Fetch } from '../lib/fetch.js';
import type { Random } from '../lib/random.js';
import type { Network } from './network.js';
import type { SimProcess } from './process.js';
import type { GraphRequest, ServerDoor, ServerSlot } from './server-slot.js';

export interface LinkOptions {
  readonly process: SimProcess;
  readonly network: Network;
  readonly servers: readonly ServerSlot[];
  readonly random: Random;
  /** What happens outside of all processes that matter here: a message on its way. */
  readonly wire: SimProcess;
}

/**
 * `fetch` from a process to one of the servers, as a load balancer would choose it. The request may be lost or late, the
 * answer may be lost after the server did what was asked, and the connection may break: then nobody knows.
 */
export function createSimFetch(options: LinkOptions): Fetch {
  const { process, network, servers, random, wire } = options;
  return (_url, { body, headers, signal }) =>
    new Promise((resolve, reject) => {
      const server = servers[random.below(servers.length)];
      if (signal.aborted || !server) return reject(signal.reason);
      const request = readRequest(body, headers);
      const what = operationName(request.query);
      const leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      const end = (settle: () => void) => {
        signal.removeEventListener('abort', leave);
        settle();
      };
      const broken = (why: string) => {
        const cause = new Error(why);
        process.after(network.delayMs(), `${what}: ${why}`, () =>
          end(() => reject(new TypeError('fetch failed', { cause }))),
        );
      };

      const answered = (door: ServerDoor, text: string) => {
        if (network.isCut(process.name, door.process.name)) return;
        if (network.isLost(door.process.name, process.name)) return broken('the answer was lost');
        const response = { status: 200, text: () => Promise.resolve(text) };
        process.after(network.delayMs(), `${what}: answer`, () => end(() => resolve(response)));
      };
      // Nothing gets through: the time limit of the asker ends it.
      if (network.isCut(process.name, server.name)) return;
      if (network.isLost(process.name, server.name)) return broken('the request was lost');
      wire.after(network.delayMs(), `${process.name} -> ${server.name}: ${what}`, () => {
        const { door } = server;
        if (!door) return broken('nothing listens there');
        const { died } = door.process;
        const cut = () => broken('the server died');
        died.addEventListener('abort', cut, { once: true });
        // In the server's own time: a frozen one does nothing.
        door.process.after(0, `${what} of ${process.name}`, () => {
          void door.request(request).then((body) => {
            died.removeEventListener('abort', cut);
            answered(door, body);
          });
        });
      });
    });
}

function readRequest(body: string, { authorization = '' }: Readonly<Record<string, string>>): GraphRequest {
  const { query, variables } = JSON.parse(body) as Omit<GraphRequest, 'token'>;
  return { query, variables, token: authorization.replace('Bearer ', '') };
}

/** `query GetResource(` is GetResource. */
export function operationName(query: string): string {
  return /(?:query|mutation|subscription) (\w+)/.exec(query)?.[1] ?? 'operation';
}
