import { BadInputError } from '../../lib/errors.js';
import { findCycle } from '../../model/cycle.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { FoundReference } from './references.js';
import type { StoredReference } from './stored-references.js';
import type { World } from './world.js';

/**
 * Nothing may wait for itself: a resource waits for what it refers to, and an owner for what it owns. Throws BadInputError
 * with the circle printed. What was there before had none, so only ways along new edges are walked, and the database is
 * asked only where one of them leads to something stored that may lead back.
 */
export async function refuseCycles(
  world: World,
  edges: readonly FoundReference[],
  stored: readonly StoredReference[],
): Promise<void> {
  const before = new Set(stored.map(({ fromId, toId }) => `${fromId} ${toId}`));
  const added = edges.filter(({ from, target }) => !before.has(`${from.id} ${target.id}`));
  if (added.length === 0) return;
  const graph = new Map<string, string[]>();
  const connect = (from: string, to: string) => graph.set(from, [...(graph.get(from) ?? []), to]);
  for (const { from, target } of edges) connect(from.id, target.id);
  for (const draft of world.drafts) {
    if (draft.ownerId !== null && !draft.isDeleting) connect(draft.ownerId, draft.id);
  }
  for (const { fromId, toId } of await readBeyond(world, edges, added)) connect(fromId, toId);
  const cycle = findCycle(
    graph,
    added.map(({ from }) => from.id),
  );
  if (cycle) throw await circle(world, cycle);
}

/** Longer than any chain of needs that people make; a longer one is cut in the middle of what is printed. */
const MOST_PRINTED = 24;

/**
 * Stored edges that can be reached from what new edges lead to. None are needed as long as nothing stored can lead to the
 * referrers, as to new ones of nobody's.
 */
async function readBeyond(
  world: World,
  edges: readonly FoundReference[],
  added: readonly FoundReference[],
): Promise<readonly Pick<StoredReference, 'fromId' | 'toId'>[]> {
  if (!added.some(({ from }) => isReachable(world, from))) return [];
  const targets = added.map(({ target }) => target).filter((target) => mayLeadBack(world, target));
  if (targets.length === 0) return [];
  // Two commits that each add one half of a circle come one after the other.
  await world.lock(takeTurns, [TURN]);
  const replaced = [...new Set(edges.map(({ from }) => from.id))];
  return world.transaction.query(listBeyond, [[...new Set(targets.map((target) => target.id))], replaced]);
}

function isReachable(world: World, draft: Draft): boolean {
  if (draft.before !== null) return true;
  const owner = draft.ownerId === null ? null : world.get(draft.ownerId);
  return owner !== null && isReachable(world, owner);
}

/** What refers to nothing and needs nothing is an end. */
function mayLeadBack({ context }: World, { before, kind }: Draft): boolean {
  return before !== null && (kind.references.length > 0 || Object.hasOwn(context.expanders, kind.name));
}

async function circle(world: World, ids: readonly string[]): Promise<BadInputError> {
  const unknown = ids.filter((id) => world.get(id) === null);
  if (unknown.length > 0) await world.loadIds(unknown, 'none');
  const open = ids.slice(0, -1);
  // People know what they wrote, so it begins there.
  const stated = open.findIndex((id) => world.get(id)?.ownerId === null && world.get(id)?.isRestated);
  const first = Math.max(stated, 0);
  const ordered = [...open.slice(first), ...open.slice(0, first), open[first] ?? ''];
  const titles = ordered.map((id) => {
    const draft = world.get(id);
    return draft ? `${draft.kind.name} ${draft.name}` : id;
  });
  const told =
    titles.length <= MOST_PRINTED
      ? titles
      : [...titles.slice(0, MOST_PRINTED / 2), '…', ...titles.slice(-MOST_PRINTED / 2)];
  return new BadInputError(
    `Each of these would wait for the next, in a circle: ${told.join(' -> ')}. Remove one of the edges.`,
    {
      cycle: titles,
    },
  );
}

/** `CIRC` in ASCII. */
const TURN = 0x43495243;

const takeTurns = statement('cycles.take-turns', 'select pg_advisory_xact_lock($1)');
const listBeyond = statement<{ fromId: string; toId: string }>(
  'cycles.list-beyond',
  // What is referred to anew is known already; what is owned is not all known.
  `with recursive reached (from_id, to_id) as (
     select e.from_id, e.to_id from unnest($1::uuid[]) as start (id) cross join lateral (
       select f.from_id, f.to_id from reference f where f.from_id = start.id and start.id <> all($2)
       union all select r.owner_id, r.id from resource r where r.owner_id = start.id) e
     union
     select e.from_id, e.to_id from reached cross join lateral (
       select f.from_id, f.to_id from reference f where f.from_id = reached.to_id and reached.to_id <> all($2)
       union all select r.owner_id, r.id from resource r where r.owner_id = reached.to_id) e
   )
   select from_id as "fromId", to_id as "toId" from reached limit 100000`,
);
