import { type Child, startChild } from '../harness/child.js';

/** A floor or a peer: a source below bench/peers/ that listens on a port of its own and does what it is told by POST. */
export interface Peer extends Child {
  readonly port: number;
  /** Rejects with what the peer says when it refuses. */
  tell<Answer = unknown>(path: string, body?: unknown): Promise<Answer>;
}

interface PeerOptions {
  readonly config?: unknown;
  readonly nodeArgs?: readonly string[];
  readonly signal: AbortSignal;
}

/** Returns when it has said its port. */
export function startPeer(name: string, options: PeerOptions): Promise<Peer> {
  return startTold(`bench/peers/${name}.ts`, options);
}

/** The same for a program that is compiled with the rest. */
export async function startTold(program: string, options: PeerOptions): Promise<Peer> {
  const { config = {}, nodeArgs = [], signal } = options;
  const child = await startChild({ program, config, nodeArgs, signal });
  const port = portIn(child.firstLine);
  return {
    ...child,
    port,
    async tell<Answer>(path: string, body: unknown = {}): Promise<Answer> {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${program} refused ${path}: ${await response.text()}`);
      return (await response.json()) as Answer;
    },
  };
}

/** The port of an address in a line: `The graph is at http://127.0.0.1:7420/graphql`. Throws an Error. */
export function portIn(line: string): number {
  const port = /:(\d+)/.exec(line)?.[1];
  if (port === undefined) throw new Error(`No port is named in: ${line}`);
  return Number(port);
}
