import type { JsonObject } from '../../lib/canonical.js';
import type { Condition } from '../../lib/health.js';
import type { StatusReport } from '../../sdk/resource.js';

/** What was seen of an account. */
export type AccountObservation =
  | {
      readonly type: 'reachable';
      readonly accountId: string;
      readonly principal: string;
      /** `database:create` */
      readonly missing: readonly string[];
    }
  /** No answer. */
  | { readonly type: 'unreachable'; readonly message: string }
  /** It answers, and does not accept the credential. */
  | { readonly type: 'refused'; readonly message: string }
  /** It answers, and not with what was asked for. */
  | { readonly type: 'failing'; readonly isThrottled: boolean; readonly message: string }
  | { readonly type: 'leaving' };

const synced: Condition = { type: 'Synced', status: 'True', reason: 'InSync', message: '' };

/** What to say of an account. Pure. What was seen last stays while it cannot be seen. */
export function accountStatus(
  account: {
    readonly name: string;
    readonly status: {
      readonly observed: JsonObject;
      readonly outputs: { readonly [name: string]: { readonly value: unknown } };
    };
  },
  observation: AccountObservation,
): StatusReport {
  const accountId = account.status.outputs.accountId?.value;
  const unwell = (health: StatusReport['health'], ready: Omit<Condition, 'type'>): StatusReport => ({
    health,
    conditions: [{ type: 'Ready', ...ready }, synced],
    observed: account.status.observed,
    outputs: typeof accountId === 'string' ? { accountId } : {},
  });
  switch (observation.type) {
    case 'reachable':
      return reachable(observation);
    case 'unreachable':
      return unwell('Unknown', { status: 'Unknown', reason: 'CloudUnreachable', message: observation.message });
    case 'refused': {
      const message = `${observation.message} Give it others: set spec.credentials of CloudAccount ${account.name}.`;
      return unwell('Degraded', { status: 'False', reason: 'CredentialRefused', message });
    }
    case 'failing':
      return unwell('Degraded', {
        status: 'False',
        reason: observation.isThrottled ? 'Throttled' : 'ObjectFailed',
        message: observation.message,
      });
    case 'leaving':
      return unwell('Progressing', { status: 'False', reason: 'Terminating', message: '' });
  }
}

/** Whoever lacks a right for one type can use all others, so it is told, and keeps nobody waiting. */
function reachable(observation: Extract<AccountObservation, { type: 'reachable' }>): StatusReport {
  const { accountId, principal, missing } = observation;
  const shown = missing.slice(0, SHOWN_ACTIONS).join(', ');
  const more = missing.length > SHOWN_ACTIONS ? ` and ${missing.length - SHOWN_ACTIONS} more` : '';
  const message = `The credentials may not do ${shown}${more}. What needs that is refused until it is granted.`;
  const ready: Condition =
    missing.length === 0
      ? { type: 'Ready', status: 'True', reason: 'Available', message: '' }
      : { type: 'Ready', status: 'True', reason: 'MissingRights', message };
  return {
    health: 'Healthy',
    conditions: [ready, synced],
    observed: { identity: principal, missingActions: [...missing] },
    outputs: { accountId },
  };
}

/** Keeps a message readable. */
const SHOWN_ACTIONS = 10;
