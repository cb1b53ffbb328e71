import type { Client } from 'graphql-ws';
import type { GraphRequest, ServerDoor } from './server-slot.js';
import { type LinkOptions, operationName } from './sim-fetch.js';

/** All subscriptions of one process, over one connection. */
export interface SimSocket extends Pick<Client, 'subscribe'> {
  /** Breaks the connection as a network does: both sides find out on their own. It is opened again by itself. */
  cut(): void;
  onStatus(listener: (isConnected: boolean) => void): void;
  close(): void;
}

export interface SimSocketOptions extends LinkOptions {
  readonly token: string;
}

interface Subscription {
  readonly payload: Parameters<Client['subscribe']>[0];
  readonly sink: Parameters<Client['subscribe']>[1];
}

interface Connection {
  readonly door: ServerDoor;
  readonly ends: Map<number, () => void>;
  /** When the last message of a direction arrives: those after it do not overtake it. */
  toServerMs: number;
  toClientMs: number;
  /** Messages to the client that have not arrived, and who waits for that. */
  underWay: number;
  readonly resume: Set<() => void>;
  isOpen: boolean;
}

/**
 * What graphql-ws's client is to a process, over messages of the simulated network: in order within a connection, each
 * way. A connection that breaks is opened again, by chance to another server, and Subscribe is sent again for all.
 * A partition breaks nothing at once: what was sent waits, and a side that hears nothing for too long hangs up.
 */
export function createSimSocket(options: SimSocketOptions): SimSocket {
  const { process, network, servers, random, wire, token } = options;
  const subscriptions = new Map<number, Subscription>();
  const listeners: ((isConnected: boolean) => void)[] = [];
  let connection: Connection | null = null;
  let isConnecting = false;
  let isClosed = false;
  let failures = 0;
  let serial = 0;

  const tell = (isConnected: boolean) => {
    for (const listener of listeners) listener(isConnected);
  };
  const send = (on: Connection, direction: 'toServerMs' | 'toClientMs', what: string, run: () => void) => {
    const now = process.clock.monotonicMs();
    const dueMs = Math.max(on[direction] + 0.001, now + network.delayMs());
    on[direction] = dueMs;
    if (direction === 'toClientMs') on.underWay += 1;
    const side = direction === 'toServerMs' ? wire : process;
    const arrive = () => {
      if (!on.isOpen || (direction === 'toClientMs' && connection !== on)) return;
      // It is sent again and again until it gets through, or the connection is given up.
      if (!network.isCut(process.name, on.door.process.name)) {
        if (direction === 'toClientMs') goneOut(on);
        return run();
      }
      on[direction] = Math.max(on[direction], process.clock.monotonicMs() + RESEND_MS);
      side.after(RESEND_MS, `${what} waits`, arrive);
    };
    side.after(dueMs - now, what, arrive);
  };

  const goneOut = (on: Connection) => {
    on.underWay -= 1;
    if (on.underWay > 0 || on.resume.size === 0) return;
    const waiting = [...on.resume];
    on.resume.clear();
    on.door.process.after(0, `the socket of ${process.name} has room`, () => {
      if (on.isOpen) for (const resume of waiting) resume();
    });
  };

  const connect = () => {
    if (connection || isConnecting || isClosed || subscriptions.size === 0) return;
    isConnecting = true;
    const server = servers[random.below(servers.length)];
    const fail = () => {
      isConnecting = false;
      retry();
    };
    if (!server || network.isLost(process.name, server.name))
      return void process.after(LOST_MS, 'connect: no answer', fail);
    wire.after(network.delayMs(), `${process.name} -> ${server.name}: connect`, () => {
      const { door } = server;
      process.after(network.delayMs(), door ? 'connected' : 'connect: refused', () => {
        if (!door || door.process.isDead) return fail();
        isConnecting = false;
        if (!isClosed) begin(door);
      });
    });
  };
  const begin = (door: ServerDoor) => {
    const made: Connection = {
      ...{ door, ends: new Map(), resume: new Set(), isOpen: true },
      ...{ toServerMs: 0, toClientMs: 0, underWay: 0 },
    };
    connection = made;
    failures = 0;
    door.process.died.addEventListener('abort', () => lose(made, 'the server died'), { once: true });
    process.died.addEventListener('abort', () => endAtServer(made), { once: true });
    watchCut(made);
    tell(true);
    for (const id of subscriptions.keys()) subscribe(made, id);
  };
  /** Pings, in effect. */
  const watchCut = (on: Connection, since: number | null = null) => {
    process.after(PING_EVERY_MS, 'ping', () => {
      if (connection !== on) return;
      const isCut = network.isCut(process.name, on.door.process.name);
      if (isCut && since !== null) hangUp(on);
      else watchCut(on, isCut ? 0 : null);
    });
  };
  const retry = () => {
    failures += 1;
    const waitMs = Math.min(15_000, 200 * 2 ** Math.min(failures, 10)) * (0.5 + random.next() / 2);
    process.after(waitMs, 'reconnect', connect);
  };
  const lose = (on: Connection, why: string) => {
    endAtServer(on);
    process.after(network.delayMs(), why, () => hangUp(on));
  };
  const hangUp = (on: Connection) => {
    endAtServer(on);
    if (connection !== on) return;
    connection = null;
    tell(false);
    retry();
  };
  const endAtServer = (on: Connection) => {
    if (!on.isOpen) return;
    on.isOpen = false;
    const ends = [...on.ends.values()];
    on.door.process.after(0, `the socket of ${process.name} is gone`, () => {
      for (const end of ends) end();
    });
  };

  const subscribe = (on: Connection, id: number) => {
    const subscription = subscriptions.get(id);
    if (!subscription) return;
    const { query, variables } = JSON.parse(JSON.stringify(subscription.payload)) as GraphRequest;
    const name = operationName(query);
    const isMine = () => subscriptions.get(id) === subscription;
    const { sink } = subscription;
    send(on, 'toServerMs', `${process.name} -> ${on.door.process.name}: Subscribe ${name}`, () => {
      if (on.door.process.isDead || !isMine()) return;
      // In the server's own time, so that it is not done by a dead or a frozen one.
      on.door.process.after(0, `Subscribe ${name} of ${process.name}`, () => {
        if (!on.isOpen || !isMine()) return;
        const end = on.door.subscribe(
          { token, query, variables },
          {
            next(text) {
              const arrive = () => {
                if (isMine()) sink.next(JSON.parse(text));
              };
              send(on, 'toClientMs', `${name}: next`, arrive);
              // A wake may come twice: it says only to look again.
              if (name === 'Watch' && network.isDoubled()) send(on, 'toClientMs', `${name}: next, again`, arrive);
            },
            hasRoom(resume) {
              if (on.underWay < MOST_UNDER_WAY) return true;
              on.resume.add(resume);
              return false;
            },
            error: (text) =>
              send(on, 'toClientMs', `${name}: error`, () => {
                if (isMine() && subscriptions.delete(id)) sink.error(JSON.parse(text));
              }),
            complete: () =>
              send(on, 'toClientMs', `${name}: complete`, () => {
                if (isMine() && subscriptions.delete(id)) sink.complete();
              }),
          },
        );
        on.ends.set(id, end);
      });
    });
  };

  return {
    subscribe(payload, sink) {
      const id = ++serial;
      subscriptions.set(id, { payload, sink } as Subscription);
      if (connection) subscribe(connection, id);
      else connect();
      return () => {
        if (!subscriptions.delete(id)) return;
        const on = connection;
        if (!on) return;
        send(on, 'toServerMs', `${process.name} -> ${on.door.process.name}: Complete`, () => {
          on.door.process.after(0, `Complete of ${process.name}`, () => {
            on.ends.get(id)?.();
            on.ends.delete(id);
          });
        });
      };
    },
    cut() {
      if (connection) lose(connection, 'the connection was cut');
    },
    onStatus: (listener) => void listeners.push(listener),
    close() {
      isClosed = true;
      if (connection) endAtServer(connection);
      connection = null;
    },
  };
}

/** Few, so that a slow network is noticed. */
const MOST_UNDER_WAY = 4;
const RESEND_MS = 500;
/** Of a connection that nobody answers. */
const LOST_MS = 5_000;
const PING_EVERY_MS = 10_000;
