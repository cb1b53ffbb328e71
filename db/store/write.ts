import type { RevisionOp } from '../contract.js';
import type { Call } from '../exchange.js';
import { type Statement, statement, type Value } from '../statement.js';
import { violatedConstraint } from './context.js';
import { documentsOf } from './documents-of.js';
import type { Draft } from './draft.js';
import { insertingResources } from './inserting-resources.js';
import { isOneOf } from './is-one-of.js';
import { appending, type NewRevision } from './revisions.js';
import { secondDefault } from './second-default.js';
import { updatingResources } from './updating-resources.js';
import type { World } from './world.js';

/** What writes all that changed, each table by one statement; the revisions come last. Empty when nothing changed. */
export function writesOf(world: World): { readonly rows: readonly Call[]; readonly log: Call<{ seq: bigint }> | null } {
  const changed = world.drafts.filter((draft) => draft.result !== 'unchanged');
  const remembering = world.drafts.filter((draft) => draft.result === 'unchanged' && draft.hasNewYielded);
  const created = changed.filter((draft) => !draft.before);
  const updated = changed.filter((draft) => draft.before && !draft.isRemoved);
  const removed = changed.filter((draft) => draft.before && draft.isRemoved);
  const rereferring = [...updated, ...removed].filter((draft) => draft.isRemoved || draft.hasNewReferences);
  const references = world.newReferences.filter(({ fromId }) => world.get(fromId)?.hasNewReferences);
  // There is one default and one of each name at any moment, so who gives it up comes before who takes it.
  const isYielding = (draft: Draft) => yieldsDefault(draft) || draft.name !== draft.before?.name;
  const [yielding, others] = [updated.filter(isYielding), updated.filter((draft) => !isYielding(draft))];
  const defined = [...created, ...updated].filter((draft) => draft.kind.lease === null);
  const forced = changed.filter((draft) => draft.isForceNew);
  const { actor, changesetId, changeset, context } = world;
  const yields = remembering.map(({ id, yielded }) => ({ id, yielded }));
  const changesets = changed.length > 0 ? [changesetId] : [];
  const rows = [
    ...about(yields, () => [updateYielded, [JSON.stringify(yields)]]),
    ...about(changesets, () => [insertChangeset, [changesetId, actor.name, changeset.manager, changeset.edits.length]]),
    ...about(rereferring, () => [deleteReferences, [idsOf(rereferring)]]),
    ...updatingResources(world, yielding),
    ...insertingResources(world, created),
    ...updatingResources(world, others),
    ...about(defined, () => [defineStatuses, [idsOf(defined)]]),
    ...about(references, () => [insertReferences, [JSON.stringify(references)]]),
    ...about(removed, () => [deleteResources, [idsOf(removed)]]),
    ...about(world.newSecrets, () => [insertSecrets, [JSON.stringify(sealed(world)), context.cipher.keyId]]),
    ...about(world.newReleases, () => [insertReleases, [JSON.stringify(world.newReleases), actor.name]]),
    ...about(world.newDeployments, () => [insertDeployments, [JSON.stringify(world.newDeployments), actor.name]]),
    ...about(forced, () => [insertForcedEvents, [JSON.stringify(forcedEvents(world, forced))]]),
  ];
  if (changed.length === 0) return { rows, log: null };
  const documentOf = documentsOf(world);
  return { rows, log: appending(changed.map((draft) => ({ ...revisionOf(world, draft), ...documentOf(draft) }))) };
}

/** Why the writes were refused, where that is for people to know. */
export function writeFailure(error: unknown): unknown {
  const kind = DEFAULTS[violatedConstraint(error) ?? ''];
  return kind === undefined ? error : secondDefault(kind, null, { cause: error });
}

/** A statement that has something to be about, or none. */
function about(
  items: readonly unknown[],
  call: () => readonly [Statement<unknown>, readonly Value[]],
): readonly Call[] {
  if (items.length === 0) return [];
  const [text, values] = call();
  return [{ statement: text, values }];
}

const idsOf = (drafts: readonly Draft[]) => drafts.map((draft) => draft.id);

function revisionOf(world: World, draft: Draft): Omit<NewRevision, 'document' | 'isDocumented'> {
  return {
    changesetId: world.changesetId,
    resourceId: draft.id,
    kind: draft.kind.name,
    projectId: draft.projectId,
    environmentId: draft.environmentId,
    ownerId: draft.ownerId,
    name: draft.name,
    leaseKey: draft.leaseKey,
    op: opOf(draft),
    generation: draft.generation,
    generationBefore: draft.before?.generation ?? draft.generation,
    version: draft.version,
    statusVersion: null,
    actor: world.actor.name,
    manager: world.changeset.manager,
    before: draft.matchBefore,
    after: draft.matchAfter,
  };
}

function opOf({ result }: Draft): RevisionOp {
  if (result === 'unchanged') throw new Error('What did not change has no revision. This is a defect in Portolan.');
  return result;
}

/** They outlive what they tell of. */
function forcedEvents(world: World, drafts: readonly Draft[]) {
  const message = `${world.actor.name} forced the deletion: what it has outside is forgotten, and not removed there.`;
  return drafts.map(({ id, projectId, environmentId }) => ({ id, projectId, environmentId, message }));
}

function sealed(world: World) {
  return world.newSecrets.map(({ plaintext, hmac, ...secret }) => {
    const { nonce, ciphertext } = world.context.cipher.encrypt(plaintext, secret);
    return { ...secret, nonce: hex(nonce), ciphertext: hex(ciphertext), hmac: hex(hmac) };
  });
}

const hex = (bytes: Buffer) => `\\x${bytes.toString('hex')}`;

const yieldsDefault = ({ before, spec }: Draft) => before?.spec.default === true && spec.default !== true;

/** The constraints that keep one default of a kind in a project. */
const DEFAULTS: Readonly<Record<string, string>> = {
  resource_default_runtime: 'KubernetesRuntime',
  resource_default_account: 'CloudAccount',
};

const insertChangeset = statement(
  'write.changeset',
  'insert into changeset (id, actor, manager, edits) values ($1, $2, $3, $4)',
);
const deleteReferences = statement('write.delete-references', 'delete from reference where from_id = any($1)');
const updateYielded = statement(
  'write.update-yielded',
  `update resource r set yielded = d.yielded from jsonb_to_recordset($1::jsonb) as d (id uuid, yielded jsonb)
   where r.id = d.id and ${isOneOf}`,
);
const defineStatuses = statement(
  'write.define-statuses',
  `insert into resource_status (resource_id, observed_generation, version, health, conditions)
   select r.id, r.generation, 1, 'Healthy', jsonb_build_array(jsonb_build_object('type', 'Ready', 'status', 'True',
     'reason', 'Defined', 'message', '', 'since', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
   from resource r where r.id = any($1)
   on conflict (resource_id) do update set observed_generation = excluded.observed_generation, updated_at = now()`,
);
const insertReferences = statement(
  'write.insert-references',
  `insert into reference (from_id, path, to_id)
   select "fromId", path, "toId" from jsonb_to_recordset($1::jsonb) as d ("fromId" uuid, path text, "toId" uuid)`,
);
const deleteResources = statement('write.delete-resources', 'delete from resource where id = any($1)');
const insertSecrets = statement(
  'write.insert-secrets',
  `insert into secret_value (id, version, resource_id, path, key_id, nonce, ciphertext, hmac)
   select id, version, "resourceId", place, $2, nonce, ciphertext, hmac from jsonb_to_recordset($1::jsonb)
     as d (id uuid, version int, "resourceId" uuid, place text, nonce bytea, ciphertext bytea, hmac bytea)`,
);
const insertForcedEvents = statement(
  'write.insert-forced-events',
  `insert into event (resource_id, project_id, environment_id, type, reason, message, source)
   select id, "projectId", "environmentId", 'Warning', 'DeletionForced', message, 'portolan' from jsonb_to_recordset($1::jsonb)
     as d (id uuid, "projectId" uuid, "environmentId" uuid, message text)
   on conflict do nothing`,
);
const insertReleases = statement(
  'write.insert-releases',
  `insert into release (id, app_id, number, spec, digest, actor) select id, "appId", number, spec, digest, $2
   from jsonb_to_recordset($1::jsonb) as d (id uuid, "appId" uuid, number int, spec jsonb, digest text)`,
);
const insertDeployments = statement(
  'write.insert-deployments',
  `insert into app_deployment (id, instance_id, number, app_id, release, release_digest, resolved, actor)
   select id, "instanceId", number, "appId", release, "releaseDigest", resolved, $2
   from jsonb_to_recordset($1::jsonb) as d (id uuid, "instanceId" uuid, number int, "appId" uuid, release int,
     "releaseDigest" text, resolved jsonb)`,
);
