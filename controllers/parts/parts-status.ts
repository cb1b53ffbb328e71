import type { Json } from '../../lib/canonical.js';
import { rollUp } from '../../model/roll-up.js';
import type { ChildView, LinkView, StatusReport } from '../../sdk/resource.js';
import { dependenciesOf } from './dependencies-of.js';

/** What a kind says of its own beside the health of its parts. */
export interface PartsWords {
  readonly observed: StatusReport['observed'];
  readonly outputs: Readonly<Record<string, Json | null | undefined>>;
  /** What its parts are called: `component`. */
  readonly noun: 'component' | 'part';
}

/** What to say of a resource that is as well as its parts are, and what these share with others. Outputs that are null or undefined are not given. Pure. */
export function partsStatus(
  resource: { readonly deletionRequestedAt: string | null },
  parts: readonly ChildView[],
  { observed, outputs, noun }: PartsWords,
): StatusReport {
  if (resource.deletionRequestedAt !== null) {
    const message = parts.length === 0 ? '' : `${parts.length} of its ${noun}s are still being removed.`;
    return {
      health: 'Progressing',
      conditions: [
        { type: 'Ready', status: 'False', reason: 'Terminating', message },
        { type: 'Synced', status: 'False', reason: 'Deleting', message },
      ],
      observed,
      outputs: {},
    };
  }
  const rolled = rollUp([...parts.map(partOf), ...dependenciesOf(parts).filter(isIll).map(dependencyPart)], noun);
  const isSynced = parts.every(({ status }) => status.conditions.some(isInSync));
  const given = Object.entries(outputs).filter((output): output is [string, Json] => output[1] != null);
  return {
    health: rolled.health,
    conditions: [
      {
        type: 'Ready',
        status: rolled.health === 'Healthy' ? 'True' : rolled.health === 'Unknown' ? 'Unknown' : 'False',
        reason: rolled.reason,
        message: rolled.message,
      },
      isSynced
        ? { type: 'Synced', status: 'True', reason: 'InSync', message: '' }
        : { type: 'Synced', status: 'False', reason: 'Applying', message: `Not every ${noun} is as desired yet.` },
    ],
    observed,
    outputs: Object.fromEntries(given),
  };
}

/** Workloads are known by their component; everything else by its kind as well. */
function partOf({ kind, name, status }: ChildView) {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  const says = status.health === 'Healthy' ? null : ready;
  const called = kind === 'Workload' ? name : `${kind} ${name}`;
  return { name: called, health: status.health, reason: says?.reason ?? null, message: says?.message ?? '' };
}

/** What is on its way elsewhere is no news here: whoever needs more of it waits, and says so. */
function isIll({ health }: LinkView): boolean {
  return health === 'Degraded' || health === 'Missing' || health === 'Unknown';
}

function dependencyPart({ kind, name, health, reason, message }: LinkView) {
  return { name: `${kind} ${name}`, health, reason, message };
}

function isInSync({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'Synced' && status === 'True';
}
