import type { Health } from '../../lib/health.js';

/** One thing that is said to be wrong with a resource, by whoever knows. Whether it is a cause is decided later. */
export interface Finding {
  readonly resourceId: string;
  /** Null when it is about the resource itself. */
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string } | null;
  readonly health: Health;
  /** PascalCase. */
  readonly reason: string;
  /** A sentence for people. */
  readonly message: string;
  readonly since: string;
  /** Ids of what it waits for. */
  readonly blockedBy: readonly string[];
  readonly nextRetryAt: string | null;
  /** It tells of another resource, so it is a cause only where nothing is wrong with that one. */
  readonly isSymptom: boolean;
}
