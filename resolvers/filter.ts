import type { EventFilter, ObjectFilter, ResourceFilter, RevisionFilter } from '../db/read/filters.js';
import type { JsonObject } from '../lib/canonical.js';
import type { KindRegistry } from '../lib/kind.js';
import type {
  EventFilter as EventFilterInput,
  ObjectFilter as ObjectFilterInput,
  ResourceFilter as ResourceFilterInput,
  RevisionFilter as RevisionFilterInput,
} from '../schema/filters.js';
import { checkId, checkKind, checkText } from './checks.js';

/** A filter as it came in, checked. Throws BadInputError with the path of what is wrong. */
export function resourceFilter(
  input: (ResourceFilterInput & { readonly spec?: JsonObject | null }) | null | undefined,
  registry: KindRegistry,
): ResourceFilter {
  const { ids, kinds, names, nameContains, project, environment, ownerId, health, labels, isDeleting, spec } =
    input ?? {};
  kinds?.forEach((kind, index) => {
    checkKind(registry, kind, ['filter', 'kinds', index]);
  });
  names?.forEach((name, index) => {
    checkText(name, ['filter', 'names', index]);
  });
  labels?.forEach(({ key, value }, index) => {
    checkText(key + value, ['filter', 'labels', index]);
  });
  const specFields = Object.entries(spec ?? {}).filter(([, value]) => value !== undefined && value !== null);
  for (const [field, value] of specFields) checkText(String(value), ['filter', 'spec', field]);
  return {
    ...(ids ? { ids: ids.map((id, index) => checkId(id, ['filter', 'ids', index])) } : {}),
    ...(kinds ? { kinds } : {}),
    ...(names ? { names } : {}),
    ...(nameContains ? { nameContains: checkText(nameContains, ['filter', 'nameContains']) } : {}),
    ...nameFilters(project, environment),
    ...(ownerId ? { ownerId: checkId(ownerId, ['filter', 'ownerId']) } : {}),
    ...(health ? { health } : {}),
    ...(labels?.length ? { labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])) } : {}),
    ...(isDeleting === null || isDeleting === undefined ? {} : { isDeleting }),
    ...(specFields.length > 0 ? { spec: Object.fromEntries(specFields) } : {}),
  };
}

export function eventFilter(input: EventFilterInput | null | undefined): EventFilter {
  const { resourceId, project, environment, type, isOfCluster, withChildren } = input ?? {};
  return {
    ...(resourceId ? { resourceId: checkId(resourceId, ['filter', 'resourceId']) } : {}),
    ...nameFilters(project, environment),
    ...(type ? { type } : {}),
    ...(typeof isOfCluster === 'boolean' ? { isOfCluster } : {}),
    ...(withChildren ? { withChildren } : {}),
  };
}

export function objectFilter(input: ObjectFilterInput | null | undefined): ObjectFilter {
  const { resourceId, withChildren, project, environment, kinds, names, health, isDrifted } = input ?? {};
  kinds?.forEach((kind, index) => {
    checkText(kind, ['filter', 'kinds', index]);
  });
  names?.forEach((name, index) => {
    checkText(name, ['filter', 'names', index]);
  });
  return {
    ...(resourceId ? { resourceId: checkId(resourceId, ['filter', 'resourceId']) } : {}),
    ...(withChildren ? { withChildren } : {}),
    ...nameFilters(project, environment),
    ...(kinds ? { kinds } : {}),
    ...(names ? { names } : {}),
    ...(health ? { health } : {}),
    ...(isDrifted === null || isDrifted === undefined ? {} : { isDrifted }),
  };
}

export function revisionFilter(input: RevisionFilterInput | null | undefined, registry: KindRegistry): RevisionFilter {
  const { resourceId, kinds, names, project, environment, ops } = input ?? {};
  kinds?.forEach((kind, index) => {
    checkKind(registry, kind, ['filter', 'kinds', index]);
  });
  names?.forEach((name, index) => {
    checkText(name, ['filter', 'names', index]);
  });
  return {
    ...(resourceId ? { resourceId: checkId(resourceId, ['filter', 'resourceId']) } : {}),
    ...(kinds ? { kinds } : {}),
    ...(names ? { names } : {}),
    ...nameFilters(project, environment),
    ...(ops ? { ops } : {}),
  };
}

function nameFilters(project: string | null | undefined, environment: string | null | undefined) {
  return {
    ...(project ? { project: checkText(project, ['filter', 'project']) } : {}),
    ...(environment ? { environment: checkText(environment, ['filter', 'environment']) } : {}),
  };
}
