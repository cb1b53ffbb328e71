import type { RedisClientType } from 'redis';
import { type Clock, sleep } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { Bus } from '../bus.js';
import { createListeners } from './listeners.js';

export interface RedisBusOptions {
  /** `redis://user:password@host:6379`; `rediss:` for TLS. */
  readonly url: string;
  /** Of this plane: one Redis may serve several. */
  readonly incarnation: string;
  /** What carries messages while Redis does not. Closed with this one. */
  readonly fallback: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Messages by Redis. Whether Redis carries them is known by a pulse, which goes the whole way: out by one connection and
 * in by the other. While it does not come back, and when a message is not taken in time, messages go by the fallback, and
 * that is listened to all the time: another server may have lost Redis while we have it.
 *
 * It opens at once and never fails: a Redis that is away, paused or killed is waited for without end.
 */
export async function openRedisBus(options: RedisBusOptions): Promise<Bus> {
  const { fallback, clock, log } = options;
  const prefix = `portolan:${options.incarnation}:`;
  const pulse = `${prefix}pulse:${options.random.uuid()}`;
  const listeners = createListeners(log);
  const detachers = new Map<object, () => void>();
  const closing = new AbortController();
  let heardMs = clock.monotonicMs();
  let state: 'unknown' | 'well' | 'away' = 'unknown';

  // Its import takes time that a server without Redis need not spend.
  const { createClient } = await import('redis');
  const publisher = createClient({
    url: options.url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_QUEUE,
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries) => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(retries, 10)),
    },
  }) as RedisClientType;
  const subscriber = publisher.duplicate({ disableOfflineQueue: false });
  let lastError = '';
  for (const client of [publisher, subscriber]) {
    client.on('error', (error: unknown) => {
      lastError = errorText(error);
    });
  }

  const turn = (to: 'well' | 'away') => {
    if (state === to || closing.signal.aborted) return;
    const isFirst = state === 'unknown';
    state = to;
    if (to === 'away') {
      log.warn('Redis carries no messages between servers; NOTIFY does meanwhile', { error: lastError });
      return;
    }
    if (!isFirst) log.info('Redis carries the messages between servers again');
    // What was told by Redis while we could not hear it.
    listeners.attached();
  };
  const publishByRedis = async (channel: string, message: string): Promise<boolean> => {
    const waiting = new AbortController();
    const waitMs = PUBLISH_MS + message.length / SLOWEST_PER_MS;
    const late = sleep(clock, waitMs, waiting.signal).then(() => false);
    const taken = publisher.publish(channel, message).then(
      () => true,
      () => false,
    );
    const isTaken = await Promise.race([taken, late]);
    waiting.abort();
    return isTaken;
  };
  const beat = async () => {
    await publishByRedis(pulse, '');
    if (clock.monotonicMs() - heardMs > SILENT_MS) turn('away');
  };
  const beatForEver = async () => {
    while (!closing.signal.aborted) {
      await beat();
      await sleep(clock, state === 'well' ? PULSE_MS : PULSE_AWAY_MS, closing.signal);
    }
  };

  publisher.on('ready', () => void beat());
  void subscriber.connect().catch(() => {});
  void publisher.connect().catch(() => {});
  subscriber
    .subscribe(pulse, () => {
      heardMs = clock.monotonicMs();
      turn('well');
    })
    .catch(() => {});
  void beatForEver();

  return {
    async publish(channel, message) {
      if (state === 'well') {
        if (await publishByRedis(prefix + channel, message)) return true;
        turn('away');
      }
      return fallback.publish(channel, message);
    },
    subscribe(channel, listener) {
      const detach = fallback.subscribe(channel, listener);
      detachers.set(listener, detach);
      if (listeners.add(channel, listener)) {
        subscriber
          .subscribe(prefix + channel, (message) => listeners.tell(channel, message))
          .then(() => listeners.attached(channel))
          .catch(() => {});
      }
      return () => {
        detachers.get(listener)?.();
        detachers.delete(listener);
        if (listeners.remove(channel, listener)) subscriber.unsubscribe(prefix + channel).catch(() => {});
      };
    },
    stats: () => ({ transport: 'redis', isDegraded: state !== 'well' }),
    async close() {
      closing.abort();
      for (const client of [publisher, subscriber]) if (client.isOpen) client.destroy();
      await fallback.close();
    },
  };
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;
const CONNECT_MS = 2_000;
/** Redis answers in less than a millisecond; one that needs longer than this is stuck, and NOTIFY is faster. */
const PUBLISH_MS = 250;
/** Characters of a message that go over a poor network in a millisecond. */
const SLOWEST_PER_MS = 3_000;
const PULSE_MS = 2_000;
/** While it is away, so that its return is seen soon. */
const PULSE_AWAY_MS = 500;
/** No pulse came back for this long. */
const SILENT_MS = 3_000;
/** Commands that may wait for a Redis that stands still. */
const MAX_QUEUE = 1_000;
