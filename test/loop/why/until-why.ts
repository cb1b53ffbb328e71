import type { Sdk } from '../../../sdk/client.js';
import type { LiveWhySubscription } from '../../../sdk/generated/operations.js';

export type SeenWhy = LiveWhySubscription['why'];

/** Looks at the live form of `why` until it is so, and gives it. Throws with the last answer when that takes too long. */
export async function untilWhy(
  sdk: Sdk,
  resourceId: string,
  isSo: (why: SeenWhy) => boolean,
  wanted: string,
): Promise<SeenWhy> {
  const signal = AbortSignal.timeout(WAIT_MS);
  let last: SeenWhy | null = null;
  try {
    for await (const { why } of sdk.LiveWhy({ resourceId }, { signal })) {
      last = why;
      if (isSo(why)) return why;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  throw new Error(`It is not ${wanted}, but: ${JSON.stringify(last, null, 2)}`);
}

const WAIT_MS = 90_000;
