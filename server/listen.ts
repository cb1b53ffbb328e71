import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../lib/log.js';

/** Binds `server` and returns its port: the one asked for, or the next free one where that is taken. 0 takes any. */
export async function listen(server: Server, host: string, port: number, log: Log): Promise<number> {
  for (let candidate = port; ; candidate++) {
    try {
      const bound = await listenOnce(server, host, candidate);
      if (port !== 0 && bound !== port) log.warn('The port is taken, so another one is used', { port, instead: bound });
      return bound;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE') throw cannotListen(error, host, candidate);
      if (candidate >= Math.min(port + MAX_PORTS_TRIED, 65_535)) return listen(server, host, 0, log);
    }
  }
}

const MAX_PORTS_TRIED = 20;

/** Node's own backlog, 511, loses connections when thousands of clients come back at once. */
const BACKLOG = 4096;

function listenOnce(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function cannotListen(cause: unknown, host: string, port: number): Error {
  return new Error(
    `The server cannot listen on ${host}:${port}. Set PORTOLAN_HOST and PORTOLAN_PORT to an address of this machine and a port that you may use.`,
    { cause },
  );
}
