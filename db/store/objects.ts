import { ConflictError, LimitExceededError, NotFoundError } from '../../lib/errors.js';
import type { Actor, ObjectRow, ObjectsInput } from '../contract.js';
import type { Call } from '../exchange.js';
import { statement } from '../statement.js';
import { type Asked, askTogether, type Told } from './asked.js';
import { inTransaction, type StoreContext, violatedConstraint } from './context.js';
import { lockFenced } from './fence.js';
import { commitWithRevisions } from './revisions.js';
import type { ResourceRow } from './rows.js';
import { sideRevision } from './side-revision.js';

/** The inventory of a resource, as intended or as last observed: one row each, written only where it changed. */
export async function reportObjects(
  context: StoreContext,
  input: ObjectsInput,
  actor: Actor,
): Promise<{ readonly changed: number }> {
  try {
    const changed = await inTransaction(context, async (transaction) => {
      const row = await lockFenced(transaction, input.resourceId, input.fence, actor);
      const alone = { earlier: [], isLast: true };
      const { answers } = await askTogether(transaction, [writingObjects([{ row, input }], actor)], alone);
      const [taken] = answers;
      await commitWithRevisions(transaction, taken?.revisions ?? []);
      return taken?.changed ?? 0;
    });
    if (changed > 0) context.wake();
    return { changed };
  } catch (error) {
    throw await translated(context, input, error);
  }
}

/** What one report of objects has done. */
export interface TakenObjects extends Told {
  readonly changed: number;
}

/**
 * Of resources that differ, for a transaction that has locked them and checked the fence, and appends the revisions at its
 * end. Throws when one is refused.
 */
export function writingObjects(
  reports: readonly { readonly row: ResourceRow; readonly input: ObjectsInput }[],
  actor: Actor,
): Asked<TakenObjects> {
  for (const { row, input } of reports) refuseLate(row, input);
  const objects = reports.flatMap(({ row, input }) => {
    if (input.objects.length + input.absent.length > MAX_OBJECTS) {
      throw new LimitExceededError(`At most ${MAX_OBJECTS} objects can be reported at once. Report them in parts.`);
    }
    return input.objects.map((object) => ({ ...object, resourceId: row.id, runtimeId: input.runtimeId }));
  });
  const leaving = reports.filter(({ input }) => input.absent.length > 0);
  const calls: readonly Call[] = [
    ...(objects.length > 0 ? [{ statement: writeObjects, values: [JSON.stringify(objects)] }] : []),
    ...leaving.map(({ row, input }) => ({ statement: removeObjects, values: [row.id, JSON.stringify(input.absent)] })),
  ];
  return {
    calls,
    revisions: null,
    async answersOf(rows) {
      const written = objects.length > 0 ? (rows[0] as readonly WrittenObject[]) : [];
      const removed = rows.slice(calls.length - leaving.length) as readonly (readonly ObjectName[])[];
      const writtenOf = Map.groupBy(written, ({ resourceId }) => resourceId);
      const goneOf = new Map(leaving.map(({ row }, index) => [row.id, removed[index] ?? []]));
      return reports.map(({ row }) => takenObjects(row, writtenOf.get(row.id) ?? [], goneOf.get(row.id) ?? [], actor));
    },
  };
}

function takenObjects(
  row: ResourceRow,
  written: readonly WrittenObject[],
  gone: readonly ObjectName[],
  actor: Actor,
): TakenObjects {
  const mine = written.map(({ resourceId: _, ...object }) => object);
  const changed = mine.length + gone.length;
  const document = {
    objects: mine.slice(0, MAX_TOLD),
    absent: gone.slice(0, MAX_TOLD).map((object) => ({ ...object })),
    changed,
  };
  return { changed, revisions: changed > 0 ? [sideRevision(row, 'objects', document, actor)] : [] };
}

/** What a pass saw that nobody heard of again is older than what passes after it have told. */
function refuseLate({ kind, name, id, statusVersion }: ResourceRow, input: ObjectsInput): void {
  const stored = statusVersion ?? 0;
  if ((input.statusVersion ?? stored) === stored) return;
  throw new ConflictError(
    `The status of ${kind} ${name} (${id}) is at version ${stored}; these objects were seen by a pass that began with ${input.statusVersion}. Look again.`,
    { statusVersion: stored },
  );
}

const MAX_OBJECTS = 5000;
/** The log tells which objects changed, up to a bound; the table has them all. */
const MAX_TOLD = 200;

type ObjectName = Pick<ObjectRow, 'group' | 'kind' | 'namespace' | 'name'>;
type WrittenObject = ObjectName & Pick<ObjectRow, 'state' | 'health'> & { readonly resourceId: string };

async function translated(context: StoreContext, input: ObjectsInput, error: unknown): Promise<unknown> {
  const constraint = violatedConstraint(error);
  if (constraint === 'object_runtime_id_fkey') {
    return new NotFoundError(`There is no runtime ${input.runtimeId}.`, { path: ['runtimeId'] });
  }
  if (constraint !== 'object_has_one_owner') return error;
  const [owned] = await context.database.query(findOwner, [
    input.runtimeId,
    input.resourceId,
    JSON.stringify(input.objects),
  ]);
  if (!owned) return new ConflictError('Another resource owned one of these objects a moment ago. Try again.');
  const object = [owned.objectKind, owned.namespace, owned.objectName].filter((part) => part !== '').join('/');
  return new ConflictError(
    `${object} belongs to ${owned.kind} ${owned.name} (${owned.id}) already, and an object has one owner. Rename it in one of them, or delete the other.`,
    { owner: owned.id, object },
  );
}

const columns = `"group" text, version text, kind text, namespace text, name text, state text, origin text, uid text,
  "appliedHash" text, health text, reason text, message text, drift jsonb`;

const writeObjects = statement<WrittenObject>(
  'objects.write',
  `insert into object as o (resource_id, runtime_id, api_group, api_version, kind, namespace, name, state, origin, uid,
     applied_hash, health, reason, message, drift)
   select d."resourceId", d."runtimeId", d."group", d.version, d.kind, d.namespace, d.name, d.state, d.origin, d.uid,
     d."appliedHash", d.health, d.reason, d.message, d.drift
   from jsonb_to_recordset($1::jsonb) as d ("resourceId" uuid, "runtimeId" uuid, ${columns})
   order by d."resourceId", d."group", d.kind, d.namespace, d.name
   on conflict (resource_id, api_group, kind, namespace, name) do update set runtime_id = excluded.runtime_id,
     api_version = excluded.api_version, state = excluded.state, origin = excluded.origin, uid = excluded.uid,
     applied_hash = excluded.applied_hash, health = excluded.health, reason = excluded.reason, message = excluded.message,
     drift = excluded.drift,
     since = case when o.health = excluded.health then o.since else now() end, updated_at = now()
   where (o.runtime_id, o.api_version, o.state, o.origin, o.uid, o.applied_hash, o.health, o.reason, o.message,
       o.drift)
     is distinct from (excluded.runtime_id, excluded.api_version, excluded.state, excluded.origin, excluded.uid,
       excluded.applied_hash, excluded.health, excluded.reason, excluded.message, excluded.drift)
   returning resource_id as "resourceId", api_group as "group", kind, namespace, name, state, health`,
);
const removeObjects = statement<ObjectName>(
  'objects.remove',
  `delete from object where resource_id = $1 and (api_group, kind, namespace, name) in (
     select d."group", d.kind, d.namespace, d.name
     from jsonb_to_recordset($2::jsonb) as d ("group" text, kind text, namespace text, name text))
   returning api_group as "group", kind, namespace, name`,
);
const findOwner = statement<{
  id: string;
  kind: string;
  name: string;
  objectKind: string;
  namespace: string;
  objectName: string;
}>(
  'objects.find-owner',
  `select r.id, r.kind, r.name, o.kind as "objectKind", o.namespace, o.name as "objectName"
   from jsonb_to_recordset($3::jsonb) as d (${columns})
   join object o on (o.runtime_id, o.api_group, o.kind, o.namespace, o.name) = ($1, d."group", d.kind, d.namespace, d.name)
   join resource r on r.id = o.resource_id where o.resource_id <> $2 limit 1`,
);
