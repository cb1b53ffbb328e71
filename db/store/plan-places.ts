import type { Transaction } from '../database.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/** Where resources are, in names, and what owns them. */
export interface PlanPlaces {
  projectOf(draft: Draft): string | null;
  environmentOf(draft: Draft): string | null;
  /** null: it is owned by nothing. */
  ownerOf(draft: Draft): PlacedOwner | null;
  /** The app instance that it is, or that owns it at any distance. */
  instanceOf(draft: Draft): PlacedOwner | null;
}

export interface PlacedOwner {
  readonly id: string;
  /** It is made by this changeset. */
  readonly isNew: boolean;
  readonly kind: string;
  readonly name: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly ownerId: string | null;
}

/** Reads the names that the computation had no need of. They are not part of what a plan rests on: names never change. */
export async function readPlaces(world: World, transaction: Transaction): Promise<PlanPlaces & PlanNames> {
  const known = new Map<string, PlacedOwner>();
  for (const { id, before, kind, name, projectId, environmentId, ownerId } of world.drafts) {
    known.set(id, { id, isNew: before === null, kind: kind.name, name, projectId, environmentId, ownerId });
  }
  for (;;) {
    const wanted = [...known.values()].flatMap((item) => [item.projectId, item.environmentId, item.ownerId]);
    const missing = [...new Set(wanted)].filter((id) => id !== null && !known.has(id));
    if (missing.length === 0) break;
    const rows = await transaction.query(listPlaced, [missing]);
    if (rows.length === 0) break;
    for (const row of rows) known.set(row.id, { ...row, isNew: false });
  }
  const at = (id: string | null) => (id === null ? null : (known.get(id) ?? null));
  const nameOf = (id: string | null) => at(id)?.name ?? null;
  return {
    nameOf,
    projectOf: ({ projectId }) => nameOf(projectId),
    environmentOf: ({ environmentId }) => nameOf(environmentId),
    ownerOf: ({ ownerId }) => at(ownerId),
    instanceOf({ id }) {
      let found = at(id);
      while (found && found.kind !== 'AppInstance') found = at(found.ownerId);
      return found;
    },
  };
}

interface PlanNames {
  nameOf(id: string | null): string | null;
}

const listPlaced = statement<Omit<PlacedOwner, 'isNew'>>(
  'plan.list-placed',
  `select id, kind, name, project_id as "projectId", environment_id as "environmentId", owner_id as "ownerId"
   from resource where id = any($1)`,
);
