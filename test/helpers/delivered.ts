import { eventually } from './eventually.js';
import type { TestPlane } from './plane.js';

/** Until the feed has told all that is committed now. */
export async function delivered({ feed, rows }: TestPlane): Promise<void> {
  const [newest] = await rows<{ seq: bigint | null }>('select max(seq) as seq from revision');
  await eventually(
    () => {
      if (feed.stats().seq < (newest?.seq ?? 0n)) throw new Error('The feed is behind.');
    },
    { timeoutMs: 10_000, everyMs: 5 },
  );
}
