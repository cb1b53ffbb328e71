import type { CloudAction } from '../../drivers/cloud/driver.js';
import { CloudError, CredentialRefusedError, ThrottledError, UnreachableError } from '../../drivers/cloud/errors.js';
import { errorText } from '../../lib/errors.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import { everywhere } from '../cloud/account-of.js';
import type { Clouds } from '../cloud/clouds.js';
import type { AccountSpec } from '../cloud/open-cloud.js';
import { type AccountObservation, accountStatus } from './status.js';

/** Looks at accounts: whose the credentials are, and what they may not do. It changes nothing there. */
export function createAccountProvider(clouds: Clouds): ResourceProvider<AccountSpec, AccountObservation, never> {
  return {
    async observe(account, context) {
      if (account.deletionRequestedAt !== null) {
        // Whatever was in it is gone by now.
        await clouds.drop(account.id);
        return { type: 'leaving' };
      }
      await clouds.refresh(account);
      const observation = await look(clouds, account, context);
      // A renewed credential is only seen by those who log in anew.
      if (observation.type === 'refused') await clouds.drop(account.id);
      return observation;
    },
    forget: ({ id }) => clouds.drop(id),
    diff: () => [],
    removal: () => [],
    apply: async () => {},
    status: accountStatus,
  };
}

async function look(
  clouds: Clouds,
  account: ResourceView<AccountSpec>,
  context: ReconcileContext,
): Promise<AccountObservation> {
  const { signal } = context;
  try {
    const driver = await clouds.get(account.id, account.spec.location ?? everywhere, context);
    const { accountId, principal } = await driver.identify(signal);
    const missing = await driver.missingActions(neededActions, signal);
    return { type: 'reachable', accountId, principal, missing };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CredentialRefusedError) return { type: 'refused', message: errorText(error) };
    if (error instanceof UnreachableError) return { type: 'unreachable', message: errorText(error) };
    if (error instanceof CloudError) {
      return { type: 'failing', isThrottled: error instanceof ThrottledError, message: errorText(error) };
    }
    throw error;
  }
}

/** What the kinds that live in an account need, each as `type:verb`. */
const neededActions: readonly CloudAction[] = [
  ...(['network', 'cluster', 'nodeGroup', 'database', 'bucket', 'zone', 'record', 'service', 'stack'] as const).flatMap(
    (type) => (['describe', 'create', 'update', 'delete', 'list'] as const).map((verb) => `${type}:${verb}` as const),
  ),
  'bucket:empty',
];
