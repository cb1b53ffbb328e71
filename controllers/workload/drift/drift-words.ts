import type { Json } from '../../../lib/canonical.js';
import type { FieldDifference } from '../../../lib/field-difference.js';

/** `spec.replicas: 3 <- 5 (kubectl-edit, 2026-11-22T21:00:00.000Z); ...`: desired, live, by whom and when. Short. */
export function driftText(differences: readonly FieldDifference[]): string {
  const shown = differences.slice(0, SHOWN).map(({ path, desired, live, manager, at }) => {
    const by = manager === null ? '' : ` (${[manager, at].filter(Boolean).join(', ')})`;
    return `${path}: ${valueText(desired)} <- ${valueText(live)}${by}`;
  });
  const more = differences.length > SHOWN ? [`and ${differences.length - SHOWN} more`] : [];
  return [...shown, ...more].join('; ');
}

/** `kubectl-edit`, `kubectl-edit and helm`; `somebody` where the cluster names nobody. */
export function managersText(differences: readonly FieldDifference[]): string {
  const managers = [...new Set(differences.flatMap(({ manager }) => manager ?? []))];
  return managers.length > 0 ? managers.join(' and ') : 'somebody whom the cluster does not name';
}

/** Whether it says that the whole object was deleted. */
export function isDeletion(differences: readonly FieldDifference[]): boolean {
  return differences.some(({ path }) => path === '');
}

/** As it is recorded: a row says where to look, it is no copy of the object. */
export function boundedDifferences(differences: readonly FieldDifference[]): readonly FieldDifference[] {
  return differences.slice(0, RECORDED).map(({ desired, live, ...difference }) => ({
    ...difference,
    desired: bounded(desired),
    live: bounded(live),
  }));
}

function valueText(value: Json): string {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}

function bounded(value: Json): Json {
  const text = JSON.stringify(value);
  return text.length > RECORDED_CHARACTERS
    ? `${text.slice(0, RECORDED_CHARACTERS)}... (${text.length} characters)`
    : value;
}

/** What one sentence can hold. */
const SHOWN = 5;
const SHOWN_CHARACTERS = 100;
/** Keeps a row below some 100 kB also when a whole object was written anew. */
const RECORDED = 50;
const RECORDED_CHARACTERS = 1000;
