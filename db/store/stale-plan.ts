import { ConflictError } from '../../lib/errors.js';
import type { ExpectedPlan } from '../../model/changeset.js';
import { parseCursor } from '../cursor.js';
import { statement } from '../statement.js';
import type { World } from './world.js';

/**
 * The error for a plan that has become another one. It names what changed of what the plan rests on, as the revision log
 * has it: since the plan was made if its cursor is known, else lately.
 */
export async function stalePlan(world: World, { cursor }: ExpectedPlan): Promise<ConflictError> {
  const since = cursor === null ? 0n : parseCursor(cursor, world.context.incarnation);
  const projects = [...new Set(world.drafts.flatMap(({ projectId }) => projectId ?? []))];
  const concerns = concernOf(world);
  const rows = await world.transaction.query(listChanged, [since, projects]);
  const read = rows.filter(concerns);
  const changed = (read.length > 0 ? read : rows).slice(0, MOST_TOLD).map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    change: changeOf(row),
    actor: row.actor,
    at: row.at,
  }));
  const list = changed.map(({ kind, name, change, actor }) => `${kind} ${name} ${change} (${actor})`).join(', ');
  const when = cursor === null ? 'Lately' : 'Since then';
  const what =
    list === ''
      ? 'Nothing was changed since, so it is the plan of other edits, or of another version of Portolan.'
      : `${when}: ${list}.`;
  return new ConflictError(
    `The plan is no longer the same, so nothing was written. ${what} Plan again and look at it.`,
    {
      changed,
      next: 'portolan plan',
    },
  );
}

/** A longer list helps nobody. */
const MOST_TOLD = 10;

interface Changed {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly op: string;
  readonly isNew: boolean;
  readonly actor: string;
  readonly at: string;
}

/** Whether it is among what was read: by its id, by a place where something was looked for, or by the kind of a list. */
function concernOf({ reads, context }: World): (row: Changed) => boolean {
  const ids = new Set(reads.rows.map(({ id }) => id));
  const kinds = new Set<string>();
  for (const { text, values, rows } of reads.lists) {
    for (const [id] of JSON.stringify([values, rows], readable).matchAll(UUID)) ids.add(id);
    for (const [, word = ''] of text.matchAll(/'(\w+)'/g)) if (context.registry.find(word)) kinds.add(word);
  }
  const places = new Set(reads.absent.map(({ kind, name }) => `${kind} ${name}`));
  return ({ id, kind, name }) => ids.has(id) || kinds.has(kind) || places.has(`${kind} ${name}`);
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const readable = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

function changeOf({ op, isNew }: Changed): string {
  if (op === 'removed') return 'went';
  if (op === 'deletionRequested') return 'is being deleted';
  return isNew ? 'appeared' : 'was changed';
}

// Of a long time, the end of it.
const listChanged = statement<Changed>(
  'stale-plan.list-changed',
  `select resource_id as id, kind, name, (array_agg(op order by seq desc, ordinal desc))[1] as op,
     bool_or(op = 'created') as "isNew", (array_agg(actor order by seq desc))[1] as actor, max(at) as at
   from revision
   where seq > $1 and seq > (select coalesce(max(seq), 0) - 20000 from revision)
     and op in ('created', 'updated', 'deletionRequested', 'removed') and (project_id is null or project_id = any($2))
   group by resource_id, kind, name
   order by max(seq) desc, name
   limit 500`,
);
