import type { Condition, Health, Reason } from '../../lib/health.js';
import { type RollUpPart, rollUp } from '../../model/roll-up.js';
import type { StatusReport } from '../../sdk/resource.js';
import type { Drift } from './drift/drift-policy.js';
import { driftText, isDeletion, managersText } from './drift/drift-words.js';
import { shortTitle } from './object-name.js';
import type { WorkloadObservation } from './observation.js';
import type { Obstacle, WorkloadAction } from './plan.js';
import { isStuck, type RemovalAction } from './plan-removal.js';
import { gatewayAddressOf, urlOf } from './url.js';

/**
 * What to say of a workload. `pending`: what this pass did about it, which is seen by the next one only. `reported`: what
 * others changed and is left so for now. Pure.
 */
export function workloadStatus(
  observation: WorkloadObservation,
  obstacles: readonly Obstacle[],
  pending: readonly (WorkloadAction | RemovalAction)[],
  reported: Drift = new Map(),
): StatusReport {
  const acted = new Set(
    pending.flatMap((action) => (action.type === 'apply' || action.type === 'replace' ? [action.desired.key] : [])),
  );
  const parts = [
    ...observation.rendered.objects.map(({ key, name }) =>
      partOf(key, shortTitle(name), observation, obstacles, acted),
    ),
    ...obstacles.filter(({ type }) => type === 'unserved').map(obstaclePart),
  ];
  const rolled = rollUp(parts, 'object');
  const synced = syncedCondition(obstacles, pending, driftSentence(observation, reported));
  const isActing = pending.length > 0 && rolled.health === 'Healthy';
  const health: Health = isActing ? 'Progressing' : rolled.health;
  const live = observation.rendered.objects.flatMap(({ key }) => observation.live.get(key) ?? []);
  const url = urlOf(live);
  const address = gatewayAddressOf(live);
  return {
    health,
    conditions: [
      {
        type: 'Ready',
        status: health === 'Healthy' ? 'True' : health === 'Unknown' ? 'Unknown' : 'False',
        reason: isActing ? 'Progressing' : rolled.reason,
        message: isActing ? synced.message : rolled.message,
      },
      synced,
    ],
    observed: { objects: rolled.total, objectsHealthy: rolled.healthy },
    outputs: { ...(url !== null && { url }), ...(address !== null && { address }) },
  };
}

/** What to say while it is being removed: what is left, and what keeps it. Pure. */
export function removalStatus(
  observation: WorkloadObservation,
  pending: readonly (WorkloadAction | RemovalAction)[],
): StatusReport {
  const left = [...observation.inventory.keys()].filter((key) => observation.live.has(key));
  const blocked = pending.filter(isStuck);
  const kept = [...blocked, ...pending].flatMap((action) =>
    (action.type === 'await' || action.type === 'blocked') && action.message ? [action.message] : [],
  );
  const message = kept[0] ?? (left.length === 1 ? '1 object is left.' : `${left.length} objects are left.`);
  return {
    health: 'Progressing',
    conditions: [
      { type: 'Ready', status: 'False', reason: 'Terminating', message },
      { type: 'Synced', status: 'False', reason: blocked.length > 0 ? 'DeleteBlocked' : 'Deleting', message },
    ],
    observed: { objects: left.length, objectsHealthy: 0 },
    outputs: {},
  };
}

function partOf(
  key: string,
  name: string,
  observation: WorkloadObservation,
  obstacles: readonly Obstacle[],
  acted: ReadonlySet<string>,
): RollUpPart {
  const obstacle = obstacles.find((each) => each.key === key);
  if (obstacle) return { ...obstaclePart(obstacle), name };
  const seen = observation.health.get(key);
  // What was applied just now may be seen as it was before: only the next observation can claim that it works.
  if (!seen) {
    const wasThere = observation.inventory.get(key)?.state !== 'intended' && observation.inventory.has(key);
    return wasThere
      ? { name, health: 'Missing', reason: 'ObjectMissing', message: 'it was there and is gone; it is made again' }
      : { name, health: 'Progressing', reason: 'Pending', message: 'it is being created' };
  }
  if (acted.has(key) && seen.health === 'Healthy') {
    return { name, health: 'Progressing', reason: 'Progressing', message: 'it was changed just now' };
  }
  return { name, ...seen };
}

const obstacleWords: Readonly<Record<Obstacle['type'], { readonly health: Health; readonly reason: Reason }>> = {
  foreign: { health: 'Degraded', reason: 'OwnedElsewhere' },
  immutable: { health: 'Degraded', reason: 'Immutable' },
  kept: { health: 'Healthy', reason: 'Available' },
  terminating: { health: 'Progressing', reason: 'Terminating' },
  unserved: { health: 'Progressing', reason: 'KindNotServed' },
  undefined: { health: 'Progressing', reason: 'Pending' },
};

/** SYNCED, where somebody must act. */
const stuckReasons: Partial<Readonly<Record<Obstacle['type'], Reason>>> = {
  foreign: 'ApplyFailed',
  immutable: 'Immutable',
  kept: 'DeleteBlocked',
};

const sayOf = ({ title, message }: Obstacle): string => `${title}: ${message}`;

function obstaclePart({ title, type, message }: Obstacle): RollUpPart {
  return { name: title, ...obstacleWords[type], message };
}

function syncedCondition(
  obstacles: readonly Obstacle[],
  pending: readonly (WorkloadAction | RemovalAction)[],
  drifted: string,
): Condition {
  const stuck = obstacles.find(({ type }) => stuckReasons[type] !== undefined);
  if (stuck) {
    const message = stuck.type === 'kept' ? stuck.message : sayOf(stuck);
    return { type: 'Synced', status: 'False', reason: stuckReasons[stuck.type] ?? 'ApplyFailed', message };
  }
  const [obstacle] = obstacles;
  const message = obstacle ? sayOf(obstacle) : describe(pending);
  if (message === '' && drifted !== '') return { type: 'Synced', status: 'False', reason: 'Drifted', message: drifted };
  return message === ''
    ? { type: 'Synced', status: 'True', reason: 'InSync', message }
    : { type: 'Synced', status: 'False', reason: 'Applying', message };
}

/** Names the first object, what differs in it and who changed it; says how many more there are. */
function driftSentence({ rendered, contested }: WorkloadObservation, reported: Drift): string {
  const drifted = rendered.objects.filter(({ key }) => reported.has(key));
  const [first] = drifted;
  if (!first) return '';
  const differences = reported.get(first.key) ?? [];
  const what = isDeletion(differences)
    ? `${shortTitle(first.name)} was deleted by somebody else`
    : `${shortTitle(first.name)} was changed by ${managersText(differences)}: ${driftText(differences)}`;
  const more = drifted.length > 1 ? ` So are ${drifted.length - 1} more of its objects.` : '';
  const why = contested.has(first.key)
    ? 'It is changed again as often as it is put back, so it is put back only now and then. Name the field in policy.ignore, or the manager in policy.yieldTo'
    : 'It is left so by policy';
  return `${what}. ${why}.${more}`;
}

function describe(pending: readonly (WorkloadAction | RemovalAction)[]): string {
  const applied = pending.filter(({ type }) => type === 'apply').length;
  const removed = pending.filter(({ type }) => type === 'delete' || type === 'await').length;
  const adopted = pending.filter(({ type }) => type === 'adopt').length;
  const replaced = pending.filter(({ type }) => type === 'replace').length;
  const words = [
    applied > 0 ? `${applied} ${applied === 1 ? 'object' : 'objects'} applied` : '',
    adopted > 0 ? `${adopted} adopted` : '',
    replaced > 0 ? `${replaced} deleted, to be made again` : '',
    removed > 0 ? `${removed} no longer wanted and being deleted` : '',
  ];
  return words.filter(Boolean).join(', ');
}
