import type { Changeset, Edit } from '../../model/changeset.js';
import type { Draft } from './draft.js';
import { NewIds } from './new-ids.js';
import type { World } from './world.js';

/**
 * One line for the changeset, for each resource that it changes, and for each thing that was read; in the order of their
 * texts, with names in the places of the ids that were just drawn. Keyed, because there are secrets in it.
 */
export function planHash(world: World): string {
  const { reads, context, changeset } = world;
  const ids = NewIds.of(world);
  const line = (what: string, value: unknown) => `${what} ${ids.relabel(textOf(value))}`;
  const sorted = (items: readonly unknown[]) => items.map((item) => line('', item)).sort();
  const lines = new Set([
    line('changeset', canonicalChangeset(changeset)),
    ...world.drafts.filter((draft) => draft.result !== 'unchanged').map((draft) => line('draft', desired(draft))),
    ...world.newReferences.map(({ fromId, path, toId }) => line('reference', [fromId, path, toId])),
    ...reads.rows.map(({ id, version, generation, managers, yielded }) =>
      line('found', [id, version, generation, managers, yielded]),
    ),
    ...reads.absent.map(({ kind, scopeId, name }) => line('absent', [kind, scopeId, name])),
    ...reads.lists.map(({ name, values, rows }) =>
      line('list', [name, values.map((value) => (Array.isArray(value) ? sorted(value) : value)), sorted(rows)]),
    ),
  ]);
  return context.cipher.mac('plan', [...lines].sort().join('\n')).toString('hex');
}

/** Without what only says how it is sent. */
function canonicalChangeset({ edits, manager, takeOver }: Changeset) {
  return { manager, takeOver, edits: edits.map(canonicalEdit) };
}

function canonicalEdit(edit: Edit) {
  const { project, force, isPartial } = edit;
  return { ...edit, project: project ?? 'default', force: force === true, isPartial: isPartial === true };
}

function desired({ kind, scopeId, name, result, spec, labels, managers, isForced, isOnDemand, isKept }: Draft) {
  return { kind: kind.name, scopeId, name, result, spec, labels, managers, isForced, isOnDemand, isKept };
}

/** The same text for equal values, also for what JSON has no word for. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const texts = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${textOf(item)}`);
  return `{${texts.join()}}`;
}
