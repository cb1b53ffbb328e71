import { errorText, TerminalError } from '../../lib/errors.js';
import { GraphError, ServerUnreachableError } from '../graph-error.js';
import type { ResourceView, StatusReport } from '../resource.js';
import type { ObjectsReport, ResourceClient } from '../resource-client.js';
import { ActionError } from './action-error.js';
import { LeaseLostError } from './leases.js';
import type { ResourceProvider } from './provider.js';
import type { ReconcileContext } from './reconciler.js';
import { isReported } from './status-report.js';

/** What the two ways of a pass have in common. */
export interface Steps<Spec> {
  readonly client: ResourceClient<Spec>;
  /** When to look again while the outside is not yet as desired. */
  readonly pollMs: () => number;
  /** Reports a status, unless it is there already, and what the inventory must say. */
  readonly say: (report: StatusReport, inventory?: ObjectsReport | null) => Promise<void>;
  /** Reports a status that tells of a failure, if the failure is about the resource; and the inventory in any case. */
  readonly tell: (report: StatusReport, error: unknown, inventory?: ObjectsReport | null) => Promise<void>;
}

export function createSteps<Spec>(pass: {
  readonly client: ResourceClient<Spec>;
  readonly resource: ResourceView<Spec>;
  readonly context: ReconcileContext;
  readonly isTransient: (error: unknown) => boolean;
  readonly pollMs: () => number;
}): Steps<Spec> {
  const { client, resource, context } = pass;
  const record = async (inventory: ObjectsReport | null = null) => {
    if (inventory) await client.reportObjects(resource, inventory, context);
  };
  const report = async (report: StatusReport) => {
    if (isReported(resource, report)) return;
    // Without one nothing may come between: what is told in one go is one request.
    if (context.failpoint) await context.failpoint('beforeStatus', resource.id);
    const { statusVersion } = await client.reportStatus(resource, report, context);
    context.reported?.(statusVersion);
    await context.failpoint?.('afterStatus', resource.id);
  };
  // Asked at the same time, they are one request.
  const say = async (status: StatusReport, inventory?: ObjectsReport | null) => {
    const said = Promise.all([record(inventory), report(status)]);
    context.tellEvents?.();
    await said;
  };
  return {
    client,
    pollMs: pass.pollMs,
    say,
    async tell(status, error, inventory) {
      const isTold = isAboutResource(error, context) && !pass.isTransient(error);
      // The failure is what the pass throws; that it could not be told must not hide it.
      await (isTold ? say(status, inventory) : record(inventory)).catch((refused) =>
        context.log.debug('A status that tells of a failure was refused', { error: errorText(refused) }),
      );
    },
  };
}

/**
 * Does the actions in order. No outside write begins without the right to it. An ActionError lets the others go on, and
 * is thrown when all are done; any other error ends it at once.
 */
export async function act<Spec, Action>(
  provider: Pick<ResourceProvider<Spec, never, Action>, 'apply'>,
  resource: ResourceView<Spec>,
  actions: readonly Action[],
  context: ReconcileContext,
): Promise<void> {
  const failed: ActionError[] = [];
  for (const action of actions) {
    await context.failpoint?.('beforeApply', resource.id);
    checkMayWrite(context);
    try {
      await provider.apply(resource, action, context);
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      failed.push(error);
      continue;
    }
    await context.failpoint?.('afterApply', resource.id);
  }
  const [first] = failed;
  if (!first) return;
  if (failed.length === 1) throw first;
  throw new ActionError(`${errorText(first)} (and ${failed.length - 1} more not healthy)`, first);
}

/** Throws LeaseLostError, or the signal's reason, when an outside write may not begin now. */
export function checkMayWrite(context: ReconcileContext): void {
  context.signal.throwIfAborted();
  if (context.clock.now() < context.lease.deadlineMs) return;
  throw new LeaseLostError(`The deadline of the lease ${context.lease.key} has passed, so nothing is written outside`);
}

/** Not so: losing the right to act, the server, or what the spec alone decides (which is told in another way). */
function isAboutResource(error: unknown, context: ReconcileContext): boolean {
  const isOurs =
    error instanceof LeaseLostError ||
    error instanceof GraphError ||
    error instanceof ServerUnreachableError ||
    error instanceof TerminalError;
  return !isOurs && !context.signal.aborted;
}
