import { isSameJson, type Json } from '../../lib/canonical.js';
import { type Condition, type Health, healths, type Reason } from '../../lib/health.js';
import type { ResourceView, StatusReport } from '../resource.js';

/** Whether the server has this report already, as far as a client can tell. When in doubt: no, and the server decides. */
export function isReported(resource: ResourceView<unknown>, report: StatusReport): boolean {
  const { status } = resource;
  if (status.observedGeneration !== resource.generation || status.health !== report.health) return false;
  const hasConsumed = Object.keys(report.consumed ?? {}).length > 0;
  if (hasConsumed && !status.isSettled) return false;
  return (
    isSameJson(byType(status.conditions), byType(report.conditions)) &&
    isSameJson(lastOutputs(resource), report.outputs) &&
    isSameJson(status.observed, report.observed)
  );
}

/** Whether the outside was last seen as this generation wants it, or has been and is left as others changed it. */
export function isSynced(resource: ResourceView<unknown>): boolean {
  const synced = resource.status.conditions.find((condition) => condition.type === 'Synced');
  const wasReached = synced?.status === 'True' || synced?.reason === 'Drifted';
  return resource.status.observedGeneration === resource.generation && wasReached;
}

/** Whether READY is claimed of this generation. */
export function isReady(resource: ResourceView<unknown>): boolean {
  const ready = resource.status.conditions.find((condition) => condition.type === 'Ready');
  return resource.status.observedGeneration === resource.generation && ready?.status === 'True';
}

/** The report of a pass that acted: what it did is not observed yet, so it cannot claim READY. */
export function withoutReady(report: StatusReport): StatusReport {
  const conditions = report.conditions.map(
    (condition): Condition =>
      condition.type === 'Ready' && condition.status === 'True'
        ? { ...condition, status: 'False', reason: 'Progressing', message: 'Applied; not observed yet.' }
        : condition,
  );
  return { ...report, conditions, health: report.health === 'Healthy' ? 'Progressing' : report.health };
}

/** `report` with SYNCED said to have failed. */
export function withFailure(
  report: StatusReport,
  failure: { readonly reason: Reason; readonly message: string },
): StatusReport {
  const synced: Condition = { type: 'Synced', status: 'False', ...failure };
  const others = withoutReady(report).conditions.filter((condition) => condition.type !== 'Synced');
  return { ...report, health: 'Degraded', conditions: [...others, synced] };
}

/** `report` with one part said to be as it was found in this pass, unless what was seen before is as bad. */
export function withFailedPart(
  report: StatusReport,
  part: { readonly health: Health; readonly reason: Reason; readonly message: string },
): StatusReport {
  const { health, reason, message } = part;
  const synced: Condition = { type: 'Synced', status: 'False', reason: 'ApplyFailed', message };
  // What is under way says nothing yet, so whatever is known of it is better.
  const isWorse =
    healths.indexOf(report.health) < healths.indexOf(health) ||
    (report.health === 'Progressing' && health === 'Progressing');
  if (isWorse) {
    return { ...report, health, conditions: [{ type: 'Ready', status: 'False', reason, message }, synced] };
  }
  const kept = withoutReady(report).conditions.filter(({ type }) => type !== 'Synced');
  return { ...report, conditions: [...kept, synced] };
}

/** What there is to say without an observation: both conditions, what was seen last, the outputs that others may use. */
export function unobserved(
  resource: ResourceView<unknown>,
  say: { readonly health: Health; readonly ready: Omit<Condition, 'type'>; readonly synced: Omit<Condition, 'type'> },
): StatusReport {
  return {
    health: say.health,
    conditions: [
      { type: 'Ready', ...say.ready },
      { type: 'Synced', ...say.synced },
    ],
    observed: resource.status.observed,
    outputs: lastOutputs(resource),
  };
}

function lastOutputs(resource: ResourceView<unknown>): Readonly<Record<string, Json>> {
  const given = Object.entries(resource.status.outputs).filter(([, { isVanished }]) => !isVanished);
  return Object.fromEntries(given.map(([name, { value }]) => [name, value]));
}

function byType(conditions: readonly Condition[]): Readonly<Record<string, Omit<Condition, 'type'>>> {
  return Object.fromEntries(conditions.map(({ type, status, reason, message }) => [type, { status, reason, message }]));
}
