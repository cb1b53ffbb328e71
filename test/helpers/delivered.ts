import type { TestPlane } from './plane.js';

/** The feed has told all that was committed. */
export async function delivered({ feed, rows }: TestPlane): Promise<void> {
  const [newest] = await rows<{ seq: string }>('select coalesce(max(seq), 0)::text as seq from revision');
  const seq = BigInt(newest?.seq ?? 0);
  while (feed.stats().seq < seq)
    await new Promise<void>((resolve) => {
      const detach = feed.onCommit(() => {
        detach();
        resolve();
      });
      if (feed.stats().seq >= seq) {
        detach();
        resolve();
      }
    });
}
