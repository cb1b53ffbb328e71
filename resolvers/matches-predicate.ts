import type { MatchView, Revision } from '../db/contract.js';
import type { ReadPredicate, StatePredicate } from '../db/read/read-set.js';
import { isJsonObject, isSameJson, type Json } from '../lib/canonical.js';

/**
 * Kind, name, project, environment and owner of a resource never change, so a revision has them as they were before and
 * as they are after. What does change is told for both sides, and either will do. What a revision does not tell matches.
 */
export function matchesPredicate(predicate: ReadPredicate, revision: Revision): boolean {
  const { ids, kinds, names, nameContains, projectIds, environmentIds, ownerIds, ops, state } = predicate;
  return (
    (ids === undefined || ids.includes(revision.resourceId)) &&
    (kinds === undefined || kinds.includes(revision.kind)) &&
    (names === undefined || names.includes(revision.name)) &&
    (nameContains === undefined || revision.name.includes(nameContains)) &&
    (projectIds === undefined || projectIds.includes(revision.projectId ?? '')) &&
    (environmentIds === undefined || environmentIds.includes(revision.environmentId ?? '')) &&
    (ownerIds === undefined || ownerIds.includes(revision.ownerId ?? '')) &&
    (ops === undefined || ops.includes(revision.op)) &&
    (state === undefined || stateMatches(state, revision)) &&
    (predicate.objects === undefined || objectsMatch(predicate.objects, revision)) &&
    (predicate.eventType === undefined || eventsMatch(predicate.eventType, revision))
  );
}

function stateMatches(state: StatePredicate, { before, after }: Revision): boolean {
  if (!before && !after) return true;
  // Before, a field is only told where it was another one than after.
  const specBefore = before && after?.spec ? { ...after.spec, ...before.spec } : before?.spec;
  return viewMatches(state, before, specBefore) || viewMatches(state, after, after?.spec);
}

function viewMatches(state: StatePredicate, view: MatchView | null, spec: MatchView['spec']): boolean {
  if (!view) return false;
  const { health, labels, isDeleting } = state;
  return (
    (health === undefined || health.includes(view.health)) &&
    (isDeleting === undefined || isDeleting === view.isDeleting) &&
    (labels === undefined || Object.entries(labels).every(([key, value]) => view.labels[key] === value)) &&
    (state.spec === undefined ||
      spec === undefined ||
      Object.entries(state.spec).every(([field, value]) => isSameJson(spec[field] ?? null, value)))
  );
}

/** A revision tells of some objects, and of how many there are; kind and name of an object never change. */
function objectsMatch({ kinds, names }: NonNullable<ReadPredicate['objects']>, { op, document }: Revision): boolean {
  if (op !== 'objects' || document === null) return true;
  const told = [...listOf(document.objects), ...listOf(document.absent)];
  if (told.length !== document.changed) return true;
  return told.some(
    ({ kind, name }) =>
      (kinds === undefined || kinds.some((other) => other === kind)) &&
      (names === undefined || names.some((other) => other === name)),
  );
}

/** Those that gave way to newer ones are not told by their types. */
function eventsMatch(type: string, { op, document }: Revision): boolean {
  if (op !== 'event' || document === null || document.dropped !== undefined) return true;
  return listOf(document.events).some((event) => event.type === type);
}

function listOf(value: Json | undefined): readonly Readonly<Record<string, Json>>[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
