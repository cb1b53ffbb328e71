import type { ResourceRow } from '../db/read/resource-row.js';
import type { JsonObject } from '../lib/canonical.js';
import type { Moment } from '../lib/moment.js';
import type { Output, Outputs } from '../model/resource.js';

/** A row as the graph shows it. What was not asked for stays undefined; relations are resolved from id and the ids here. */
export interface ResourceView extends Omit<ResourceRow, 'observed' | 'outputs'> {
  /** At which it was read; left out: as it is. */
  readonly moment?: Moment | undefined;
  readonly document?: JsonObject | undefined;
  readonly status: StatusView;
  readonly observed?: JsonObject | null;
  readonly outputs?: JsonObject | null;
}

type StatusView = Readonly<Record<string, unknown>>;

export function resourceView(row: ResourceRow, { moment }: { readonly moment?: Moment }): ResourceView {
  const { observed, outputs, ...envelope } = row;
  return {
    ...envelope,
    ...(moment ? { moment } : {}),
    document: row.spec,
    status: statusView(row),
    ...(observed ? { observed: nullIfEmpty(observed) } : {}),
    ...(outputs ? { outputs: nullIfEmpty(valuesOf(outputs)) } : {}),
  };
}

function statusView({
  observedGeneration,
  statusVersion,
  health,
  conditions,
  outputs,
  observed,
}: ResourceRow): StatusView {
  const ready = conditions?.find((condition) => condition.type === 'Ready');
  return {
    observedGeneration,
    version: statusVersion,
    health,
    isSettled: health === 'Healthy',
    ...(conditions
      ? {
          reason: ready?.reason ?? null,
          message: ready?.message ?? '',
          since: ready?.since ?? null,
          conditions,
        }
      : {}),
    ...(outputs ? { outputs: Object.entries(outputs).map(([name, output]) => outputView(name, output)) } : {}),
    observed,
  };
}

function nullIfEmpty(value: JsonObject): JsonObject | null {
  return Object.keys(value).length > 0 ? value : null;
}

/** What is given no more is told among the outputs of the status alone. */
function valuesOf(outputs: Outputs): JsonObject {
  const given = Object.entries(outputs).filter(([, { isVanished }]) => !isVanished);
  return Object.fromEntries(given.map(([name, { value }]) => [name, value]));
}

function outputView(name: string, { value, version, isVanished }: Output) {
  return { name, value, version, isVanished: isVanished ?? false };
}
