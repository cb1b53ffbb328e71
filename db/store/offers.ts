import { BadInputError, BlockedError } from '../../lib/errors.js';
import { type NamedReference, titleOf } from '../../model/references.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { FoundReference } from './references.js';
import type { World } from './world.js';

/** What the edge to the offer is called, beside the one that it allows. */
export const OFFER = '#offer';

/**
 * The offers that open what is referred to in another project. Locked: nobody takes them back meanwhile. Throws
 * BadInputError where there is none.
 */
export async function findOffers(world: World, found: readonly FoundReference[]): Promise<readonly FoundReference[]> {
  const crossing = found.filter(({ from, target }) => isCrossing(world, from, target));
  if (crossing.length === 0) return [];
  await loadProjects(world, crossing);
  const offers = await loadOffers(world, crossing, found);
  return crossing.map((reference) => {
    const project = projectOf(world, reference.from);
    const offer = (offers.get(reference.target.id) ?? []).find((each) => isOpenTo(each, project));
    if (!offer) throw notOffered(world, reference.from, reference.to, reference.inputPath);
    return { ...reference, path: `${reference.path}${OFFER}`, target: offer };
  });
}

/** What an offer opened stays open while somebody uses it. Throws BlockedError with those who do. */
export async function refuseNarrowedOffers(world: World): Promise<void> {
  const narrowed = world.drafts.filter(
    (draft) => draft.kind.name === 'Offer' && draft.before !== null && !draft.isDeleting && draft.hasNewSpec,
  );
  if (narrowed.length === 0) return;
  const users = await world.transaction.query(listUsers, [narrowed.map((offer) => offer.id)]);
  const shutOut = users.filter(({ offerId, id, project }) => {
    const [offer, user] = [world.get(offerId), world.get(id)];
    const isLeaving = user !== null && (user.isDeleting || user.hasNewSpec);
    return offer !== null && !isLeaving && !isOpenTo(offer, project);
  });
  if (shutOut.length === 0) return;
  const blockers = [...new Set(shutOut.map(({ kind, name, id }) => `${kind} ${name} (${id})`))].slice(0, MOST_TOLD);
  const titles = [...new Set(shutOut.map(({ offerId }) => `Offer ${world.get(offerId)?.name}`))].join(', ');
  const error = new BlockedError(
    `${titles} cannot be taken back from those who use it: ${blockers.join(', ')}. Let them go first, or in the same changeset.`,
    blockers,
  );
  world.refuse(error, narrowed);
}

/** Said alike of what is not there, so that nobody learns what there is elsewhere. */
export function notOffered(
  world: World,
  from: Draft,
  to: NamedReference,
  path: readonly (string | number)[],
): BadInputError {
  const own = projectOf(world, from);
  const owner = `project ${to.project}`;
  return new BadInputError(
    `${titleOf(to)} is not offered to project ${own}, so ${from.kind.name} ${from.name} cannot refer to it at ${to.path}. An Offer of it in ${owner} that lists ${own} opens it.`,
    { path, rule: 'offer', owner, allowed: [] },
  );
}

const MOST_TOLD = 50;

/** What was made here because it was needed is open to who needs it: it is reached through what was offered. */
function isCrossing(world: World, from: Draft, target: Draft): boolean {
  if (target.projectId === null || from.projectId === null || target.projectId === from.projectId) return false;
  return !world.needed.has(target);
}

function isOpenTo({ spec, isDeleting }: Draft, project: string): boolean {
  const { projects } = spec;
  return !isDeleting && Array.isArray(projects) && (projects.includes(project) || projects.includes('*'));
}

const projectOf = (world: World, { projectId }: Draft): string =>
  (projectId === null ? null : world.get(projectId)?.name) ?? '';

async function loadProjects(world: World, crossing: readonly FoundReference[]): Promise<void> {
  const ids = crossing.flatMap(({ from, target }) => [from.projectId, target.projectId]);
  await world.loadIds(
    [...new Set(ids)].filter((id): id is string => id !== null && world.get(id) === null),
    'refer',
  );
}

/** By what they offer. Those of this changeset are among what was found: an offer refers to what it offers. */
async function loadOffers(
  world: World,
  crossing: readonly FoundReference[],
  found: readonly FoundReference[],
): Promise<ReadonlyMap<string, readonly Draft[]>> {
  const targets = [...new Set(crossing.map(({ target }) => target.id))];
  const stored = await world.transaction.query(listOffers, [targets]);
  await world.loadIds(
    stored.map(({ id }) => id),
    'read',
  );
  const offers = new Map<string, Draft[]>(targets.map((id) => [id, []]));
  for (const { id, targetId } of stored) {
    const offer = world.get(id);
    if (offer) offers.get(targetId)?.push(offer);
  }
  for (const { from, target } of found) if (from.kind.name === 'Offer') offers.get(target.id)?.push(from);
  return offers;
}

interface StoredOffer {
  readonly id: string;
  readonly targetId: string;
}

interface OfferUser {
  readonly offerId: string;
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly project: string;
}

const listOffers = statement<StoredOffer>(
  'offers.list',
  `select o.id, f.to_id as "targetId" from reference f join resource o on o.id = f.from_id
   where f.to_id = any($1) and f.path = 'resource' and o.kind = 'Offer' and o.deletion_requested_at is null
   order by o.name, o.id`,
);
const listUsers = statement<OfferUser>(
  'offers.list-users',
  `select f.to_id as "offerId", r.id, r.kind, r.name, p.name as project from reference f
   join resource r on r.id = f.from_id join resource p on p.id = r.project_id
   where f.to_id = any($1) order by r.kind, r.name, r.id limit 20000`,
);
