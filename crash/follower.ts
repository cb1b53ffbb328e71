import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../lib/errors.js';
import { ChangesDocument, type ChangesSubscription } from '../sdk/generated/operations.js';
import type { GraphClient } from '../sdk/graph-client.js';
import type { ChangesDelivery } from '../sim/history/delivery.js';

/** Somebody who follows `changes` across all kills, going on each time after the last commit that was taken. */
export interface Follower {
  /** Whether it has seen all up to a number. */
  hasSeen(seq: bigint): boolean;
  /** Of the last commit that was taken. */
  cursor(): string;
  /** What it was given since this was asked last, beginning with where that began. */
  take(): readonly ChangesDelivery[];
  close(): Promise<void>;
}

/** `after`: the cursor to begin at. */
export function startFollower(client: GraphClient, after: string): Follower {
  let cursor = after;
  let deliveries: ChangesDelivery[] = [{ type: 'subscribed', after: numberOf(after) }];
  const changes = client.subscribe<ChangesSubscription, object>(ChangesDocument, () => {
    deliveries.push({ type: 'subscribed', after: numberOf(cursor) });
    return { after: cursor };
  });
  const follow = async () => {
    for await (const { changes: message } of changes) {
      cursor = message.cursor;
      if (message.type === 'SYNC') deliveries.push({ type: 'sync', seq: numberOf(cursor) });
      else {
        const revisions = message.revisions.map(({ resourceId, op, generation, version, statusVersion = null }) => {
          return { resourceId, op, generation, version, statusVersion };
        });
        deliveries.push({ type: 'commit', commit: { seq: numberOf(cursor), revisions } });
      }
    }
  };
  const following = follow().catch((error: unknown) => {
    process.stdout.write(`The subscription ended, which it never may: ${errorText(error)}\n`);
  });
  return {
    cursor: () => cursor,
    hasSeen: (seq) => numberOf(cursor) >= seq,
    take() {
      const taken = deliveries;
      deliveries = [{ type: 'subscribed', after: numberOf(cursor) }];
      return taken;
    },
    async close() {
      await changes.return?.();
      await Promise.race([following, delay(1_000)]);
    },
  };
}

/** Cursors are opaque to clients; here they are looked into, as the database numbers them. */
const numberOf = (cursor: string): bigint => BigInt(cursor.split(':').at(-1) ?? '0');
