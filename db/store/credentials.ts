import { ConflictError, ForbiddenError, PortolanError } from '../../lib/errors.js';
import { listSecretReferences } from '../../model/secrets.js';
import { isSameMac } from '../cipher.js';
import type { Actor, Store } from '../contract.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import { inTransaction, type StoreContext } from './context.js';
import { lockFenced } from './fence.js';

type CredentialVerbs = Pick<Store, 'storeSecret' | 'releaseCredential'>;

/** The two verbs that see plaintext. Every release and every refusal is recorded. */
export function createCredentialVerbs(context: StoreContext): CredentialVerbs {
  const { cipher, random, database } = context;
  return {
    storeSecret: ({ resourceId, fence, name, value }, actor) =>
      inTransaction(context, async (transaction) => {
        const resource = await lockFenced(transaction, resourceId, fence, actor);
        const hmac = cipher.mac('secret', `${resourceId}\0${value}`);
        const [newest] = await transaction.query(readNewest, [resourceId, name]);
        if (newest && isSameMac(newest.hmac, hmac)) return { id: newest.id, version: newest.version };
        const row = { id: newest?.id ?? random.uuid(), version: (newest?.version ?? 0) + 1 };
        const { nonce, ciphertext } = cipher.encrypt(value, row);
        await transaction.query(writeSecret, [
          row.id,
          row.version,
          resourceId,
          name,
          cipher.keyId,
          nonce,
          ciphertext,
          hmac,
        ]);
        const named = listSecretReferences(resource.spec).map(({ $secret }) => $secret);
        const kept = named.filter(({ id }) => id === row.id).map(({ version }) => version);
        await transaction.query(dropOld, [row.id, row.version - KEPT_VERSIONS, kept]);
        return row;
      }),

    async releaseCredential({ resourceId, fence }, actor) {
      try {
        return await inTransaction(context, async (transaction) => {
          const row = await lockFenced(transaction, resourceId, fence, actor, 'refer');
          await requireRegistered(transaction, fence.holder, row.kind, actor);
          const wanted = listSecretReferences(row.spec).map(({ $secret }) => $secret);
          const definedBy = context.registry.find(row.kind)?.definedBy ?? null;
          const sealed = await transaction.query(readSecrets, [JSON.stringify(wanted), row.id, definedBy]);
          await record(
            transaction,
            actor,
            resourceId,
            true,
            `${row.kind} ${row.name} to ${fence.holder}, epoch ${fence.epoch}`,
          );
          return sealed.map((secret) => ({
            id: secret.id,
            version: secret.version,
            name: secret.name,
            value: cipher.decrypt(secret, secret),
          }));
        });
      } catch (error) {
        if (!(error instanceof PortolanError) || error.code === 'INTERNAL') throw error;
        // In a statement of its own: what was refused was rolled back.
        await record(database, actor, resourceId, false, error.message);
        if (error instanceof ConflictError) throw new ForbiddenError(error.message, error.details);
        throw error;
      }
    },
  };
}

const RELEASE = 'releaseCredential';
/** A token may be renewed every few minutes, for ever. The last ones stay for whoever was given them just now. */
const KEPT_VERSIONS = 3;

async function requireRegistered(on: Queryable, holder: string, kind: string, actor: Actor): Promise<void> {
  const [controller] = await on.query(readController, [holder]);
  if (!controller) throw new ForbiddenError(`No controller is registered as ${holder}. Register it first.`);
  if (controller.principalId !== actor.principalId)
    throw new ForbiddenError(`${holder} was registered with another token.`);
  if (!controller.kinds.includes(kind)) throw new ForbiddenError(`${holder} is not registered for the kind ${kind}.`);
}

async function record(
  on: Queryable,
  actor: Actor,
  resourceId: string,
  isAllowed: boolean,
  detail: string,
): Promise<void> {
  const id = /^[0-9a-f-]{36}$/i.test(resourceId) ? resourceId : null;
  await on.query(writeAudit, [actor.name, RELEASE, id, isAllowed, detail]);
}

const readNewest = statement<{ id: string; version: number; hmac: Buffer }>(
  'credentials.read-newest',
  'select id, version, hmac from secret_value where resource_id = $1 and path = $2 order by version desc limit 1',
);
const writeSecret = statement(
  'credentials.write',
  `insert into secret_value (id, version, resource_id, path, key_id, nonce, ciphertext, hmac)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const dropOld = statement(
  'credentials.drop-old',
  'delete from secret_value where id = $1 and version <= $2 and version <> all($3::int[])',
);
const readSecrets = statement<{
  id: string;
  version: number;
  name: string | null;
  keyId: string;
  nonce: Buffer;
  ciphertext: Buffer;
}>(
  'credentials.read',
  // Those of its spec, as they are now where they are its own, for storeSecret may have renewed them, and as they were
  // made where they are a release's; those of its outputs; those of its definition; those that the outputs of others
  // name to which it refers.
  `with named as (
     select d.id, d.version, false as is_definition from jsonb_to_recordset($1::jsonb) as d (id uuid, version int)
     union all
     select v.id, v.version, false from secret_value v where v.resource_id = $2 and v.path like 'outputs/%'
     union all
     select (s.id #>> '{}')::uuid, null, true from reference f join resource r on r.id = f.to_id
       cross join jsonb_path_query(r.spec, 'strict $.**."$secret".id', silent => true) s (id)
       where f.from_id = $2 and r.kind = $3::text
     union all
     select (o.value #>> '{value,$secret,id}')::uuid, (o.value #>> '{value,$secret,version}')::int, false
       from reference f join resource_status t on t.resource_id = f.to_id cross join jsonb_each(t.outputs) o
       where f.from_id = $2 and o.value #> '{value,$secret}' is not null
   )
   select distinct v.id, v.version, case when v.resource_id = $2 then v.path end as name, v.key_id as "keyId", v.nonce,
     v.ciphertext
   from named d join secret_value v on v.id = d.id
   where v.version = case when v.resource_id = $2 or d.is_definition
     then (select max(n.version) from secret_value n where n.id = v.id) else d.version end
   order by v.id, v.version`,
);
const readController = statement<{ principalId: string; kinds: string[] }>(
  'credentials.read-controller',
  'select principal_id as "principalId", kinds from controller where holder = $1',
);
const writeAudit = statement(
  'credentials.audit',
  'insert into audit (actor, action, resource_id, is_allowed, detail) values ($1, $2, $3, $4, $5)',
);
