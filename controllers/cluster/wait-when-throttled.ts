import { InitializingError, ThrottledError } from '../../drivers/kubernetes/errors.js';
import { errorText } from '../../lib/errors.js';
import { type Reconciler, waiting } from '../../sdk/runtime/reconciler.js';

/**
 * The same reconciler, which waits for a cluster that wants to be asked less, for as long as it says: that is nobody's
 * failure, and a backoff on top of it would keep what is to be done longer than the cluster does.
 */
export function waitWhenThrottled(reconciler: Reconciler): Reconciler {
  return {
    ...reconciler,
    async reconcile(id, context) {
      try {
        return await reconciler.reconcile(id, context);
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof InitializingError ? error.cause : error;
        if (!(cause instanceof ThrottledError)) throw error;
        return waiting(errorText(cause), { retryAfterMs: cause.retryAfterMs });
      }
    },
  };
}
