import { backoffMs } from '../../lib/backoff.js';
import { type Clock, sleep } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Health } from '../../lib/health.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { Sdk } from '../client.js';
import type { ListResourceKeysQuery } from '../generated/operations.js';
import { eachPage } from '../pages.js';

export interface WatchOptions {
  readonly sdk: Sdk;
  /** All that is watched. */
  readonly kinds: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Attached, or attached again: list everything. */
  readonly onSync: () => void;
  readonly onChange: (change: WatchedChange) => void;
}

export interface WatchedChange {
  readonly kind: string;
  readonly id: string;
  readonly projectId: string | null;
  readonly ownerId: string | null;
  readonly leaseKey: string | null;
  readonly isRemoved: boolean;
  /** Nothing but its status changed, and this is the version of it; null: something else did. */
  readonly statusVersion: number | null;
  /** Its health, where nothing but its status changed, and that is as well as it was. */
  readonly sameHealth: Health | null;
}

/** One resource of a listing. */
export type ResourceKey = ListResourceKeysQuery['resources']['nodes'][number];

/** Watches until the signal aborts. What ends a subscription for good (a token that was taken away) is tried again too, slowly. */
export async function runWatch(options: WatchOptions): Promise<void> {
  const { sdk, kinds, clock, log, random, signal } = options;
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      for await (const { watch } of sdk.Watch({ kinds: [...kinds] }, { signal })) {
        failures = 0;
        if (watch.type === 'SYNC') options.onSync();
        else if (watch.kind !== null && watch.id !== null) {
          options.onChange({ ...watch, kind: watch.kind, id: watch.id, isRemoved: watch.isRemoved === true });
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn('The watch was refused; it is tried again', { kinds, error: errorText(error) });
    }
    await sleep(clock, backoffMs(Math.max(failures, 1), REFUSED_BACKOFF, random), signal);
  }
}

/**
 * Everything of one kind, page by page as it comes, tried until it worked: then true. After a failure it begins anew, so
 * some may be told twice. False: the signal aborted.
 */
export async function listKeys(
  kind: string,
  options: Pick<WatchOptions, 'sdk' | 'clock' | 'log' | 'random' | 'signal'>,
  take: (keys: readonly ResourceKey[]) => void,
): Promise<boolean> {
  const { sdk, clock, log, random, signal } = options;
  const fetchPage = async (after?: string) =>
    (await sdk.ListResourceKeys({ filter: { kinds: [kind] }, after }, { signal })).resources;
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      await eachPage(fetchPage, take);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      log.debug('A kind could not be listed; it is tried again', { kind, error: errorText(error) });
    }
    await sleep(clock, backoffMs(failures, LIST_BACKOFF, random), signal);
  }
  return false;
}

const REFUSED_BACKOFF = { baseMs: 1_000, capMs: 30_000 };
const LIST_BACKOFF = { baseMs: 250, capMs: 15_000 };
