import type { RevisionOp } from '../contract.js';
import type { Transaction } from '../database.js';
import { statement, type Value } from '../statement.js';
import { violatedConstraint } from './context.js';
import type { Draft } from './draft.js';
import { appendRevisions, type NewRevision } from './revisions.js';
import { secondDefault } from './second-default.js';
import type { World } from './world.js';

/** Writes what changed, each table by one statement. Returns the number of the commit; null when nothing changed. */
export async function writeWorld(world: World, transaction: Transaction): Promise<bigint | null> {
  const changed = world.drafts.filter((draft) => draft.result !== 'unchanged');
  const remembering = world.drafts.filter((draft) => draft.result === 'unchanged' && draft.hasNewYielded);
  if (remembering.length > 0)
    await transaction.query(updateYielded, [JSON.stringify(remembering.map(({ id, yielded }) => ({ id, yielded })))]);
  if (changed.length === 0) return null;
  const created = changed.filter((draft) => !draft.before);
  const updated = changed.filter((draft) => draft.before && !draft.isRemoved);
  const removed = changed.filter((draft) => draft.before && draft.isRemoved);
  const rereferring = [...updated, ...removed].filter((draft) => draft.isRemoved || draft.hasNewReferences);
  const references = world.newReferences.filter(({ fromId }) => world.get(fromId)?.hasNewReferences);
  const idsOf = (drafts: readonly Draft[]) => drafts.map((draft) => draft.id);

  const run = async (isNeeded: boolean, text: typeof insertChangeset, values: readonly Value[]) => {
    if (isNeeded) await transaction.query(text, values);
  };
  await run(true, insertChangeset, [
    world.changesetId,
    world.actor.name,
    world.changeset.manager,
    world.changeset.edits.length,
  ]);
  await run(rereferring.length > 0, deleteReferences, [idsOf(rereferring)]);
  try {
    // There is one default and one of each name at any moment, so who gives it up comes before who takes it.
    const isYielding = (draft: Draft) => yieldsDefault(draft) || draft.name !== draft.before?.name;
    const [yielding, others] = [updated.filter(isYielding), updated.filter((draft) => !isYielding(draft))];
    await run(yielding.length > 0, updateResources, [rowsOf(world, yielding)]);
    await run(created.length > 0, insertResources, [rowsOf(world, created)]);
    await run(others.length > 0, updateResources, [rowsOf(world, others)]);
  } catch (error) {
    throw defaultConflict(error);
  }
  const defined = [...created, ...updated].filter((draft) => draft.kind.lease === null);
  await run(defined.length > 0, defineStatuses, [idsOf(defined)]);
  await run(references.length > 0, insertReferences, [JSON.stringify(references)]);
  await run(removed.length > 0, deleteResources, [idsOf(removed)]);
  await run(world.newSecrets.length > 0, insertSecrets, [JSON.stringify(sealed(world)), world.context.cipher.keyId]);
  await run(world.newReleases.length > 0, insertReleases, [JSON.stringify(world.newReleases), world.actor.name]);
  await run(world.newDeployments.length > 0, insertDeployments, [
    JSON.stringify(world.newDeployments),
    world.actor.name,
  ]);
  const forced = changed.filter((draft) => draft.isForceNew);
  await run(forced.length > 0, insertForcedEvents, [JSON.stringify(forcedEvents(world, forced))]);
  return appendRevisions(
    transaction,
    changed.map((draft) => revisionOf(world, draft)),
  );
}

function revisionOf(world: World, draft: Draft): NewRevision {
  const { spec, labels, managers } = draft;
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
    version: draft.version,
    statusVersion: null,
    actor: world.actor.name,
    manager: world.changeset.manager,
    before: draft.matchBefore,
    after: draft.matchAfter,
    document: draft.isRemoved
      ? null
      : { spec, labels, managers, ...(draft.isForced ? { isDeletionForced: true } : {}) },
  };
}

function opOf({ result }: Draft): RevisionOp {
  if (result === 'unchanged') throw new Error('What did not change has no revision. This is a defect in Portolan.');
  return result;
}

function rowsOf(world: World, drafts: readonly Draft[]): string {
  return JSON.stringify(
    drafts.map((draft) => ({
      id: draft.id,
      kind: draft.kind.name,
      projectId: draft.projectId,
      environmentId: draft.environmentId,
      ownerId: draft.ownerId,
      scopeId: draft.scopeId,
      name: draft.name,
      generation: draft.generation,
      version: draft.version,
      specVersion: draft.kind.specVersion,
      labels: draft.labels,
      spec: draft.spec,
      managers: draft.managers,
      yielded: draft.yielded,
      setIn: draft.setIn(world.changesetId),
      leaseKey: draft.leaseKey,
      isDeleting: draft.isDeleting,
      isForced: draft.isForced,
      isOnDemand: draft.isOnDemand,
      isKept: draft.isKept,
    })),
  );
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

function defaultConflict(error: unknown): unknown {
  const kind = DEFAULTS[violatedConstraint(error) ?? ''];
  return kind === undefined ? error : secondDefault(kind, null, { cause: error });
}

const resourceColumns = `id uuid, kind text, "projectId" uuid, "environmentId" uuid, "ownerId" uuid, "scopeId" uuid, name text,
  generation int, version int, "specVersion" int, labels jsonb, spec jsonb, managers jsonb, yielded jsonb, "setIn" jsonb, "leaseKey" text, "isDeleting" boolean, "isForced" boolean,
  "isOnDemand" boolean, "isKept" boolean`;

const insertChangeset = statement(
  'write.changeset',
  'insert into changeset (id, actor, manager, edits) values ($1, $2, $3, $4)',
);
const deleteReferences = statement('write.delete-references', 'delete from reference where from_id = any($1)');
const insertResources = statement(
  'write.insert-resources',
  `insert into resource (id, kind, project_id, environment_id, owner_id, scope_id, name, generation, version, spec_version,
     labels, spec, managers, yielded, set_in, lease_key, on_demand, on_demand_keep)
   select id, kind, "projectId", "environmentId", "ownerId", "scopeId", name, generation, version, "specVersion",
     labels, spec, managers, yielded, "setIn", "leaseKey", "isOnDemand", "isKept"
   from jsonb_to_recordset($1::jsonb) as d (${resourceColumns})
   order by kind, "scopeId", name`,
);
const updateResources = statement(
  'write.update-resources',
  `update resource r set name = d.name, generation = d.generation, version = d.version, spec_version = d."specVersion", labels = d.labels,
     spec = d.spec, managers = d.managers, yielded = d.yielded, set_in = d."setIn", lease_key = d."leaseKey", updated_at = now(),
     deletion_forced = d."isForced", on_demand = d."isOnDemand", on_demand_keep = d."isKept", deletion_requested_at = case when d."isDeleting" then coalesce(r.deletion_requested_at, now()) end
   from jsonb_to_recordset($1::jsonb) as d (${resourceColumns}) where r.id = d.id`,
);
const updateYielded = statement(
  'write.update-yielded',
  `update resource r set yielded = d.yielded from jsonb_to_recordset($1::jsonb) as d (id uuid, yielded jsonb) where r.id = d.id`,
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
