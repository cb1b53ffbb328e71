import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Random } from '../../lib/random.js';

/** One subscriber who notes when what was said arrives. */
export interface Arrivals {
  /**
   * Says one number after the other, with pauses, each when the one before has arrived. Returns how long each took from
   * the time at which it was said; null for one that never came.
   */
  say(count: number, say: (number: number) => Promise<unknown>): Promise<readonly (number | null)[]>;
  /** Numbers that came again, or before a lower one. */
  wrong(): number;
  close(): void;
}

export interface ArrivalsOptions {
  readonly port: number;
  /** null: the server sends without being asked. */
  readonly subscribe: { readonly token: string; readonly query: string } | null;
  readonly random: Random;
}

export async function openArrivals({ port, subscribe, random }: ArrivalsOptions): Promise<Arrivals> {
  let wrong = 0;
  let newest = 0;
  let arrive: ((atMs: number) => void) | null = null;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  socket.on('message', (data) => {
    const nowMs = performance.now();
    const text = String(data);
    if (subscribe && text.includes('"connection_ack"')) {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: subscribe.query } }));
    }
    const said = Number(/"said":"(\d+)"/.exec(text)?.[1] ?? -1);
    if (said < 1) return;
    if (said <= newest) wrong += 1;
    newest = said;
    arrive?.(nowMs);
  });
  await once(socket, 'open');
  const authorization = `Bearer ${subscribe?.token}`;
  if (subscribe) socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
  let last = 0;
  return {
    async say(count, say) {
      const took: (number | null)[] = [];
      for (let said = 0; said < count; said += 1) {
        await delay(LEAST_PAUSE_MS + random.next() * MORE_PAUSE_MS);
        last += 1;
        const late = new AbortController();
        const arrived = new Promise<number>((resolve) => {
          arrive = resolve;
        });
        const startMs = performance.now();
        const number = last;
        // A server may close a connection that was idle just when it is used again; saying the same twice changes nothing.
        const saying = say(number).catch(() => say(number));
        const never = delay(LAST_WAIT_MS, null, { signal: late.signal }).catch(() => null);
        const atMs = await Promise.race([arrived, never]);
        late.abort();
        await saying;
        took.push(atMs === null ? null : atMs - startMs);
      }
      return took;
    },
    wrong: () => wrong,
    close: () => socket.terminate(),
  };
}

/** Long enough for all that the one before set off to be over: it is about an idle system. */
const LEAST_PAUSE_MS = 40;
const MORE_PAUSE_MS = 30;
const LAST_WAIT_MS = 5_000;
