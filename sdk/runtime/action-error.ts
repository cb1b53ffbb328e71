import type { Health, Reason } from '../../lib/health.js';

/**
 * Thrown by a provider's `apply` when one action failed for a reason of its own, which says nothing about the others:
 * they are done all the same, and the pass fails with it in the end, so that it is tried again with backoff.
 */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  /** What it makes of the resource. */
  readonly health: Health;
  readonly reason: Reason;

  /** `message` names what failed, such as `ConfigMap/settings`; `cause` says why. */
  constructor(message: string, told: { readonly health: Health; readonly reason: Reason }, options?: ErrorOptions) {
    super(message, options);
    this.health = told.health;
    this.reason = told.reason;
  }
}
