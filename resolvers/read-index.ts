import type { Commit, Revision } from '../db/contract.js';
import type { ReadPredicate } from '../db/read/read-set.js';
import { matchesPredicate } from './matches-predicate.js';
import type { ReadSet } from './read-set.js';

/**
 * Which readers a revision concerns, by what they looked at: found by look-ups, so that readers of something else cost
 * nothing. A predicate lies under the most telling of its conditions, and is matched as a whole when that one is met.
 */
export interface ReadIndex<Reader extends object> {
  /** What this reader looks at from now on, instead of `before`. null: nothing. */
  replace(reader: Reader, before: ReadSet | null, after: ReadSet | null): void;
  /** Calls back with each reader that the commit concerns; with some more than once. */
  concerned(commit: Commit, tell: (reader: Reader) => void): void;
}

interface Entry<Reader> {
  readonly reader: Reader;
  readonly predicate: ReadPredicate;
}

export function createReadIndex<Reader extends object>(): ReadIndex<Reader> {
  const byId = new Map<string, Reader | Set<Reader>>();
  const byPredicate = new Map<string, Map<Reader, Map<string, Entry<Reader>>>>();

  const addId = (reader: Reader, id: string) => {
    const known = byId.get(id);
    if (known === undefined) byId.set(id, reader);
    else if (known instanceof Set) known.add(reader);
    else if (known !== reader) byId.set(id, new Set([known, reader]));
  };
  const removeId = (reader: Reader, id: string) => {
    const known = byId.get(id);
    if (known === reader) byId.delete(id);
    else if (known instanceof Set && known.delete(reader) && known.size === 0) byId.delete(id);
  };
  const addPredicate = (reader: Reader, text: string, predicate: ReadPredicate) => {
    for (const key of keysOf(predicate)) {
      const readers = byPredicate.get(key) ?? new Map();
      byPredicate.set(key, readers);
      const entries = readers.get(reader) ?? new Map();
      readers.set(reader, entries);
      entries.set(text, { reader, predicate });
    }
  };
  const removePredicate = (reader: Reader, text: string, predicate: ReadPredicate) => {
    for (const key of keysOf(predicate)) {
      const readers = byPredicate.get(key);
      const entries = readers?.get(reader);
      entries?.delete(text);
      if (entries?.size === 0) readers?.delete(reader);
      if (readers?.size === 0) byPredicate.delete(key);
    }
  };

  const tellById = (id: string, tell: (reader: Reader) => void) => {
    const known = byId.get(id);
    if (known === undefined) return;
    if (known instanceof Set) for (const reader of known) tell(reader);
    else tell(known);
  };
  const tellByKey = (key: string, revision: Revision, tell: (reader: Reader) => void) => {
    const readers = byPredicate.get(key);
    if (!readers) return;
    for (const [reader, entries] of readers) {
      for (const { predicate } of entries.values()) {
        if (!matchesPredicate(predicate, revision)) continue;
        tell(reader);
        break;
      }
    }
  };

  return {
    replace(reader, before, after) {
      after?.eachId((id) => {
        if (!before?.has(id)) addId(reader, id);
      });
      before?.eachId((id) => {
        if (!after?.has(id)) removeId(reader, id);
      });
      const [old, young] = [before?.predicates() ?? NO_PREDICATES, after?.predicates() ?? NO_PREDICATES];
      for (const [text, predicate] of young) if (!old.has(text)) addPredicate(reader, text, predicate);
      for (const [text, predicate] of old) if (!young.has(text)) removePredicate(reader, text, predicate);
    },
    concerned({ revisions }, tell) {
      for (const revision of revisions) {
        tellById(revision.resourceId, tell);
        if (byPredicate.size === 0) continue;
        tellByKey(`id ${revision.resourceId}`, revision, tell);
        if (revision.ownerId !== null) tellByKey(`owner ${revision.ownerId}`, revision, tell);
        tellByKey(`name ${revision.name}`, revision, tell);
        if (revision.environmentId !== null) tellByKey(`environment ${revision.environmentId}`, revision, tell);
        if (revision.projectId !== null) tellByKey(`project ${revision.projectId}`, revision, tell);
        tellByKey(`kind ${revision.kind}`, revision, tell);
        tellByKey(ANY, revision, tell);
      }
    },
  };
}

const NO_PREDICATES: ReadonlyMap<string, ReadPredicate> = new Map();
const ANY = 'any';

/** Under which keys it lies: each revision that it matches has exactly one of them, or is looked for under ANY. */
function keysOf(predicate: ReadPredicate): readonly string[] {
  const { ids, ownerIds, names, environmentIds, projectIds, kinds } = predicate;
  if (ids !== undefined) return ids.map((id) => `id ${id}`);
  if (ownerIds !== undefined) return ownerIds.map((id) => `owner ${id}`);
  if (names !== undefined) return names.map((name) => `name ${name}`);
  if (environmentIds !== undefined) return environmentIds.map((id) => `environment ${id}`);
  if (projectIds !== undefined) return projectIds.map((id) => `project ${id}`);
  if (kinds !== undefined) return kinds.map((kind) => `kind ${kind}`);
  return [ANY];
}
