/**
 * Runs `assertion` until it passes and returns what it returned. Throws its last error once `timeoutMs` are over, and a
 * minute at least: what hangs is to be found, not what is slow, and a machine may do much else.
 * Use throwing checks in it: an ava assertion that fails inside counts as a failure of the test.
 */
export async function eventually<T>(
  assertion: () => Promise<T> | T,
  options: { readonly timeoutMs: number; readonly everyMs?: number },
): Promise<T> {
  const deadlineMs = Date.now() + Math.max(options.timeoutMs, LEAST_MS);
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() >= deadlineMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 25));
  }
}

const LEAST_MS = 60_000;
