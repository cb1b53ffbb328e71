import type { ExecutionContext } from 'ava';
import { WebSocket } from 'ws';
import { eventually } from '../helpers/eventually.js';
import type { StubServer } from './stub.js';

/** A client that shows each message as it came, which clients of the protocol do not. */
export interface Talker {
  readonly socket: WebSocket;
  readonly messages: readonly Message[];
  /** Resolves with the code. */
  readonly closed: Promise<number>;
  subscribe(id: string, query: string, variables?: object): void;
  complete(id: string): void;
  /** Answers of one operation so far. */
  answers(id: string): readonly unknown[];
  /** That many came. */
  until(id: string, count: number): Promise<readonly unknown[]>;
}

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** Connected and known. It goes with the test. */
export async function openTalker(
  t: Pick<ExecutionContext, 'teardown'>,
  server: Pick<StubServer, 'wsUrl' | 'token'>,
  token = server.token,
): Promise<Talker> {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  t.teardown(() => socket.terminate());
  const messages: Message[] = [];
  socket.on('error', () => {});
  socket.on('message', (data) => void messages.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  const answers = (id: string) =>
    messages.filter((message) => message.id === id && message.type === 'next').map(({ payload }) => payload);
  const until = <Value>(value: () => Value | undefined, what: string) =>
    eventually(
      () => {
        const found = value();
        if (found === undefined) throw new Error(`${what} did not come.`);
        return found;
      },
      { timeoutMs: 5_000, everyMs: 5 },
    );
  await until(() => messages.find(({ type }) => type === 'connection_ack'), 'connection_ack');
  return {
    socket,
    messages,
    closed,
    subscribe: (id, query, variables) =>
      send({ id, type: 'subscribe', payload: { query, ...(variables && { variables }) } }),
    complete: (id) => send({ id, type: 'complete' }),
    answers,
    until: (id, count) =>
      until(() => (answers(id).length >= count ? answers(id) : undefined), `Answer ${count} of ${id}`),
  };
}
