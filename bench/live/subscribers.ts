import { once } from 'node:events';
import { spawnGuarded } from '../../scripts/children/guard.js';
import type { FromSubscribers, OpenSubscribers, SubscriberCounts, ToSubscribers } from './subscriber-messages.js';

/** Thousands of subscribers in a process of their own. */
export interface Subscribers {
  readonly pid: number;
  /** When every socket has got that number or a higher one; how long that took, in milliseconds. Begins to wait at once. */
  expect(numbers: number | readonly number[]): Promise<number>;
  /** When every socket has ended, was opened again at the next port, and has its first message. */
  comeBack(ports: readonly number[]): Promise<number>;
  /** Since the last time. */
  counts(): Promise<SubscriberCounts>;
  close(): void;
}

/** Returns when each has its first message. Rejects when that takes longer than `limitMs`. */
export async function openSubscribers(options: OpenSubscribers, limitMs = LIMIT_MS): Promise<Subscribers> {
  const child = spawnGuarded(process.execPath, ['dist/bench/live/subscribers-main.js'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<FromSubscribers['is'], (message: FromSubscribers) => void>();
  child.on('message', (message: FromSubscribers) => waiting.get(message.is)?.(message));
  const say = (message: ToSubscribers) => void child.send(message);
  const answer = <Is extends FromSubscribers['is']>(is: Is, doing: string) =>
    new Promise<Extract<FromSubscribers, { is: Is }>>((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(is);
        reject(new Error(`Subscribers did not come to an end within ${limitMs / 1000} s: ${doing}.`));
      }, limitMs);
      waiting.set(is, (message) => {
        waiting.delete(is);
        clearTimeout(late);
        resolve(message as Extract<FromSubscribers, { is: Is }>);
      });
    });
  const counts = () => {
    const counted = answer('counts', 'count what came');
    say({ do: 'count' });
    return counted;
  };
  const subscribers: Subscribers = {
    pid: child.pid ?? 0,
    async expect(numbers) {
      const reached = answer('reached', 'each gets its number');
      say({ do: 'expect', numbers });
      return (await reached).wallMs;
    },
    async comeBack(ports) {
      const again = answer('again', 'each comes back');
      say({ do: 'return', ports });
      return (await again).wallMs;
    },
    counts,
    close: () => void child.kill('SIGKILL'),
  };
  try {
    const opened = answer('opened', `open ${options.count} sockets`);
    say({ do: 'open', ...options });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('The process of subscribers ended.')));
    ended.catch(() => {});
    await Promise.race([opened, ended]);
    return subscribers;
  } catch (error) {
    const { failures } = await counts().catch(() => ({ failures: [] }));
    subscribers.close();
    throw new Error(`Cannot open ${options.count} subscribers: ${failures.join('; ') || 'no reason was given'}`, {
      cause: error,
    });
  }
}

const LIMIT_MS = 120_000;

/** How many of what came is wrong: nothing may be doubled, missed, out of order or refused. */
export function wrongIn(counts: SubscriberCounts): number {
  return counts.doubled + counts.missed + counts.disordered + counts.failures.length;
}
