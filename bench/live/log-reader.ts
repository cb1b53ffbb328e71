import { WebSocket } from 'ws';

/** Follows `changes` through any servers, and goes on where it was when a server dies. Keeps all that came. */
export interface LogReader {
  /** In the order in which they came. */
  readonly entries: readonly LogEntry[];
  /** Of the last commit that came. */
  cursor(): string;
  /** When that commit came, as performance.now() has it. */
  lastMs(): number;
  readonly failures: readonly string[];
  /** How often a connection ended. */
  interruptions(): number;
  close(): void;
}

export interface LogEntry {
  readonly seq: bigint;
  readonly ordinal: number;
  readonly resourceId: string;
  readonly version: number;
  readonly arrivedMs: number;
}

export interface LogReaderOptions {
  /** Tried one after the other, from the first on. */
  readonly ports: readonly number[];
  readonly token: string;
  /** Where to begin. */
  readonly after: string;
}

const QUERY = `subscription ($after: String) { changes(after: $after) { type cursor
  revisions { ordinal resourceId version } } }`;
const RETRY_MS = 50;
/** A server that says nothing for this long is asked whether it is there. */
const PING_MS = 2_000;

export function followLog({ ports, token, after }: LogReaderOptions): LogReader {
  const entries: LogEntry[] = [];
  const failures: string[] = [];
  let cursor = after;
  let lastMs = performance.now();
  let attempt = 0;
  let interruptions = 0;
  let isClosed = false;
  let socket: WebSocket | null = null;

  const receive = (text: string, opened: WebSocket) => {
    const message = JSON.parse(text) as ServerMessage;
    if (message.type === 'connection_ack') {
      const payload = { query: QUERY, variables: { after: cursor } };
      return opened.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    }
    if (message.type === 'ping') return opened.send('{"type":"pong"}');
    if (message.type !== 'next' || !message.payload.data) {
      // What could not be read while the database was away is asked again from the same place.
      if (!text.includes('"INTERNAL"')) failures.push(text.slice(0, 300));
      return opened.terminate();
    }
    const { changes } = message.payload.data;
    const arrivedMs = performance.now();
    const seq = BigInt(changes.cursor.split(':')[1] ?? '0');
    for (const revision of changes.revisions) entries.push({ ...revision, seq, arrivedMs });
    cursor = changes.cursor;
    lastMs = arrivedMs;
  };
  const connect = () => {
    if (isClosed) return;
    const opened = new WebSocket(`ws://127.0.0.1:${ports[attempt % ports.length]}/graphql`, 'graphql-transport-ws');
    socket = opened;
    const watch = setInterval(() => opened.readyState === opened.OPEN && opened.ping(), PING_MS);
    opened.on('open', () =>
      opened.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
    );
    opened.on('message', (data) => void receive(String(data), opened));
    opened.on('error', () => {});
    opened.on('close', () => {
      clearInterval(watch);
      attempt += 1;
      interruptions += 1;
      if (!isClosed) setTimeout(connect, RETRY_MS);
    });
  };
  connect();
  return {
    entries,
    failures,
    cursor: () => cursor,
    lastMs: () => lastMs,
    interruptions: () => interruptions,
    close() {
      isClosed = true;
      socket?.terminate();
    },
  };
}

type ServerMessage =
  | { readonly type: 'connection_ack' | 'ping' | 'error' | 'complete' }
  | {
      readonly type: 'next';
      readonly payload: {
        readonly data?: {
          readonly changes: {
            readonly cursor: string;
            readonly revisions: readonly { ordinal: number; resourceId: string; version: number }[];
          };
        };
      };
    };
