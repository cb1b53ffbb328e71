import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { Random } from '../../lib/random.js';

/** Stands between clients and a server, and cuts each connection after some bytes of answer, wherever that is in a message. */
export interface CuttingProxy {
  /** On 127.0.0.1. */
  readonly port: number;
  /** How many connections it has cut so far. */
  cuts(): number;
  /** From now on it cuts nothing. */
  spare(): void;
  close(): Promise<void>;
}

export interface CuttingProxyOptions {
  /** Of the server, on 127.0.0.1. */
  readonly port: number;
  readonly random: Random;
  /** How many bytes of answer a connection lives at most. */
  readonly mostBytes: number;
}

export async function startCuttingProxy({ port, random, mostBytes }: CuttingProxyOptions): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  let isSparing = false;
  const track = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    // A connection that breaks is what the proxy is for.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((incoming) => {
    const outgoing = createConnection({ host: '127.0.0.1', port });
    track(incoming, outgoing);
    track(outgoing, incoming);
    incoming.pipe(outgoing);
    let left = random.below(mostBytes);
    outgoing.on('data', (chunk: Buffer) => {
      if (isSparing || chunk.length < left) {
        left -= chunk.length;
        if (!incoming.write(chunk)) {
          outgoing.pause();
          incoming.once('drain', () => outgoing.resume());
        }
        return;
      }
      cuts += 1;
      outgoing.pause();
      incoming.write(chunk.subarray(0, left), () => incoming.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cuts: () => cuts,
    spare() {
      isSparing = true;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
