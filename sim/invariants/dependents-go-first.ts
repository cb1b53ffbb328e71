import type { JournalRecord } from '../../drivers/sandbox/journal.js';
import { RESOURCE_TAG } from '../world-history.js';
import type { Evidence, Invariant } from './invariant.js';

/** While a resource is taken away, nobody who refers to it has anything outside any more. */
export function createDependentsGoFirst(): Invariant {
  return {
    title: 'no dependency is deleted before its dependents',
    onWorld(record, evidence) {
      const id = deletedId(record);
      if (id === null) return [];
      const rows = new Map(evidence.database.rows('resource').map((row) => [row.id, row]));
      const resource = rows.get(id);
      if (!resource || resource.deletionRequestedAt === null || resource.deletionForced) return [];
      // What goes along with its owner is needed by whoever needs the owner; of what moves only the place goes.
      const owner = rows.get(resource.ownerId ?? '');
      const about = new Set([id, ...(owner && owner.deletionRequestedAt !== null ? [owner.id] : [])]);
      return evidence.database.rows('reference').flatMap(({ fromId, toId }) => {
        if (!about.has(toId)) return [];
        const from = rows.get(fromId);
        // Parts of one app instance go in their own order, which is that of the references between them.
        const isOfSame = toId === resource.ownerId && from?.ownerId === resource.ownerId;
        if (!from || isOfSame || !hasOutside(fromId, evidence)) return [];
        return [
          `${resource.kind} ${resource.name} goes while ${from.kind} ${from.name}, which depends on it, is still outside`,
        ];
      });
    },
  };
}

/** Whose thing begins to go with this change, or is gone; null: nobody's. */
function deletedId(record: JournalRecord): string | null {
  if ('cloud' in record) {
    const { entry } = record;
    return entry?.state === 'deleting' ? (entry.tags[RESOURCE_TAG] ?? null) : null;
  }
  const gone = record.removed ?? (record.object?.metadata.deletionTimestamp === undefined ? null : record.object);
  return gone?.metadata.annotations?.[RESOURCE_TAG] ?? null;
}

function hasOutside(id: string, { world }: Evidence): boolean {
  if (world.cloud.store.all().some(({ tags }) => tags[RESOURCE_TAG] === id)) return true;
  return world
    .clusters()
    .some(({ store }) =>
      [...store.all()].some(
        ({ metadata }) => metadata.annotations?.[RESOURCE_TAG] === id && metadata.deletionTimestamp === undefined,
      ),
    );
}
