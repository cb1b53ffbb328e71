import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../lib/errors.js';
import type { GraphClient } from '../sdk/graph-client.js';
import { checkLive } from '../sim/history/check-live.js';
import type { LiveDelivery } from '../sim/history/delivery.js';

/** Somebody who looks at all app instances by a live read, across all kills. */
export interface LiveReader {
  /** What is wrong with what it was given since this was asked last, once it has had time to see what the query answers. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function startLiveReader(client: GraphClient): LiveReader {
  let deliveries: LiveDelivery[] = [];
  let last: string | null = null;
  const answers = client.subscribe<object, object>(`subscription ${selection}`, () => {
    deliveries.push({ type: 'subscribed' });
    return {};
  });
  const read = async () => {
    for await (const answer of answers) {
      last = JSON.stringify(answer);
      deliveries.push({ type: 'answer', text: last });
    }
  };
  // Not of a connection before: one that was opened just now has still to bring its own.
  const isAnswered = () => deliveries.at(-1)?.type === 'answer';
  const reading = read().catch((error: unknown) => {
    process.stdout.write(`The live read ended, which it never may: ${errorText(error)}\n`);
  });
  return {
    async check() {
      const untilMs = performance.now() + PATIENCE_MS;
      let final = '';
      do {
        await delay(LOOK_EVERY_MS);
        final = JSON.stringify(await client.execute(`query ${selection}`, {}));
      } while ((last !== final || !isAnswered()) && performance.now() < untilMs);
      const findings = checkLive(deliveries, { final });
      deliveries = [{ type: 'subscribed' }, ...(last === null ? [] : [{ type: 'answer', text: last } as const])];
      return findings;
    },
    async close() {
      await answers.return?.();
      await Promise.race([reading, delay(PATIENCE_MS)]);
    },
  };
}

const selection = `{
  resources(filter: { kinds: ["AppInstance"] }, first: 50) { totalCount nodes { name generation version status { health } } }
}`;
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 50;
