import type { JournalRecord } from '../../drivers/sandbox/journal.js';
import { objectTitle, RESOURCE_TAG } from '../world-history.js';
import { createFreshness } from './freshness.js';
import type { Evidence, Invariant } from './invariant.js';

/**
 * Epochs of a lease and versions of a status only rise; nothing outside goes back to an older generation of its
 * resource, by whoever was late.
 */
export function createFencesHold(): Invariant {
  const epochs = new Map<string, { readonly epoch: bigint; readonly holder: string | null }>();
  const statuses = new Map<string, number>();
  const generations = new Map<string, { readonly uid: string; readonly generation: number }>();
  const freshOf = createFreshness();
  return {
    title: 'fences are respected: nothing older overwrites what is newer',
    always: (evidence) => [...leases(evidence, epochs), ...statusVersions(evidence)],
    onWorld(record) {
      const mark = markOf(record);
      if (!mark) return [];
      if (mark.generation === null) {
        // It was let go, and is of the next one that takes it over.
        generations.delete(mark.key);
        return [];
      }
      const before = generations.get(mark.key);
      const { key, uid, generation } = mark;
      generations.set(key, { uid, generation });
      if (!before || before.uid !== uid || before.generation <= generation) return [];
      return [`${key} was of generation ${before.generation}, and was written as of ${generation}`];
    },
  };

  function statusVersions({ database }: Evidence): readonly string[] {
    return freshOf(database.rows('revision'))
      .filter(({ op }) => op === 'status')
      .sort((a, b) => Number(a.seq - b.seq))
      .flatMap(({ resourceId, kind, name, statusVersion }) => {
        const before = statuses.get(resourceId) ?? 0;
        statuses.set(resourceId, Math.max(before, statusVersion ?? 0));
        return (statusVersion ?? 0) > before
          ? []
          : [`the status of ${kind} ${name} went from version ${before} to ${statusVersion}`];
      });
  }
}

function leases(
  { database }: Evidence,
  epochs: Map<string, { readonly epoch: bigint; readonly holder: string | null }>,
): readonly string[] {
  return database.rows('lease').flatMap(({ key, epoch, holder }) => {
    const before = epochs.get(key);
    epochs.set(key, { epoch, holder });
    if (!before) return [];
    if (epoch < before.epoch) return [`the epoch of the lease ${key} went from ${before.epoch} to ${epoch}`];
    const isMoved = holder !== null && before.holder !== null && holder !== before.holder;
    return isMoved && epoch === before.epoch ? [`the lease ${key} has two holders at epoch ${epoch}`] : [];
  });
}

/** Which generation of its resource a thing outside is of; null: nobody's. */
function markOf(
  record: JournalRecord,
): { readonly key: string; readonly uid: string; readonly generation: number | null } | null {
  if ('cloud' in record) {
    const { entry } = record;
    const id = entry?.tags[RESOURCE_TAG];
    if (!entry || id === undefined) return null;
    return { key: `the ${entry.type} ${id}`, uid: entry.id, generation: Number(entry.tags[GENERATION] ?? 0) };
  }
  const { object } = record;
  if (!object) return null;
  const generation = object.metadata.annotations?.[GENERATION];
  const key = `${objectTitle(object)} on ${record.cluster}`;
  return { key, uid: object.metadata.uid ?? '', generation: generation === undefined ? null : Number(generation) };
}

const GENERATION = 'portolan.dev/generation';
