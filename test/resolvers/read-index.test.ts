import test from 'ava';
import type { Commit, Revision } from '../../db/contract.js';
import type { ReadPredicate } from '../../db/read/read-set.js';
import { createReadIndex } from '../../resolvers/read-index.js';
import { createReadSet, type ReadSet } from '../../resolvers/read-set.js';
import { makeRevision } from '../helpers/make-revision.js';

interface Reader {
  readonly name: number;
}

test('finds exactly the readers that asking each of them would find, whatever they looked at before', (t) => {
  const pick = createPick(7);
  const index = createReadIndex<Reader>();
  const readers = Array.from({ length: 40 }, (_, name) => ({ reader: { name }, seen: null as ReadSet | null }));
  let found = 0;
  for (let round = 0; round < 400; round++) {
    const one = readers[pick(readers.length)];
    if (!one) continue;
    const next = pick(5) === 0 ? null : randomReadSet(pick);
    index.replace(one.reader, one.seen, next);
    one.seen = next;

    const commit: Commit = {
      cursor: String(round),
      revisions: Array.from({ length: 1 + pick(3) }, () => randomRevision(pick)),
    };
    const told = new Set<Reader>();
    index.concerned(commit, (reader) => told.add(reader));
    const asked = readers.filter(({ seen }) => seen?.isConcernedBy(commit)).map(({ reader }) => reader.name);
    t.deepEqual([...told].map(({ name }) => name).toSorted(ascending), asked.toSorted(ascending));
    found += asked.length;
  }
  t.true(found > 1_000);
});

test('keeps nothing of a reader that looks at nothing any more', (t) => {
  const pick = createPick(3);
  const index = createReadIndex<Reader>();
  const reader = { name: 1 };
  let seen: ReadSet | null = null;
  for (let round = 0; round < 50; round++) {
    const next = randomReadSet(pick);
    index.replace(reader, seen, next);
    seen = next;
  }
  index.replace(reader, seen, null);
  let told = 0;
  for (let round = 0; round < 200; round++) {
    index.concerned({ cursor: '', revisions: [randomRevision(pick)] }, () => {
      told += 1;
    });
  }
  t.is(told, 0);
});

const ascending = (a: number, b: number) => a - b;

const kinds = ['App', 'Tier', 'Workload'];
const names = ['one', 'other', 'third'];
const ids = Array.from({ length: 12 }, (_, index) => `id-${index}`);
const places = ['place-1', 'place-2'];

function randomReadSet(pick: Pick): ReadSet {
  const seen = createReadSet();
  seen.ids(Array.from({ length: pick(4) }, () => pick.of(ids)));
  for (let left = pick(3); left > 0; left--) {
    const predicate: ReadPredicate = {
      ...(pick(2) === 0 && { kinds: Array.from({ length: 1 + pick(2) }, () => pick.of(kinds)) }),
      ...(pick(3) === 0 && { names: [pick.of(names)] }),
      ...(pick(5) === 0 && { ids: [pick.of(ids), pick.of(ids)] }),
      ...(pick(4) === 0 && { ownerIds: [pick.of(ids), pick.of(ids)] }),
      ...(pick(4) === 0 && { projectIds: [pick.of(places)] }),
      ...(pick(4) === 0 && { environmentIds: [...places] }),
      ...(pick(4) === 0 && { ops: ['created', 'updated'] as const }),
    };
    seen.predicate(predicate);
  }
  return seen;
}

function randomRevision(pick: Pick): Revision {
  const entry = makeRevision({
    resourceId: pick.of(ids),
    kind: pick.of(kinds),
    name: pick.of(names),
    ownerId: pick(2) === 0 ? null : pick.of(ids),
    projectId: pick(4) === 0 ? null : pick.of(places),
    environmentId: pick(2) === 0 ? null : pick.of(places),
    op: pick.of(['created', 'updated', 'status', 'event'] as const),
  });
  return { ...entry, seq: 1n, ordinal: 0, at: '' };
}

interface Pick {
  (below: number): number;
  of<Value>(values: readonly Value[]): Value;
}

/** The same choices every time (a linear congruential generator, as in Numerical Recipes). */
function createPick(seed: number): Pick {
  let state = seed;
  const pick = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Object.assign(pick, { of: <Value>(values: readonly Value[]) => values[pick(values.length)] as Value });
}
