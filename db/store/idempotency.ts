import { canonicalJson } from '../../lib/canonical.js';
import { ConflictError } from '../../lib/errors.js';
import type { Changeset, Committed } from '../../model/changeset.js';
import { isSameMac } from '../cipher.js';
import type { Actor } from '../contract.js';
import type { Transaction } from '../database.js';
import type { Call } from '../exchange.js';
import { statement } from '../statement.js';
import type { StoreContext } from './context.js';

/** The result of the same changeset under the same key, if it was committed within the last day. Others with that key wait for us. */
export async function readStored(
  context: StoreContext,
  transaction: Transaction,
  changeset: Changeset,
  actor: Actor,
): Promise<Committed | null> {
  const { idempotencyKey: key } = changeset;
  if (key === null) return null;
  await transaction.query(lock, [`${actor.principalId} ${key}`]);
  await transaction.query(forget, [actor.principalId, key]);
  const [stored] = await transaction.query(read, [actor.principalId, key]);
  if (!stored) return null;
  if (isSameMac(stored.mac, macOf(context, changeset))) return whole(stored.result);
  throw new ConflictError(`The idempotency key ${key} was used for another input. Use a new key.`);
}

/** Results that an older version stored say nothing of what was kept. */
function whole(result: Committed): Committed {
  return { ...result, edits: result.edits.map((edit) => ({ ...edit, kept: edit.kept ?? [] })) };
}

/** Keeps the result under the key of the changeset. */
export function storingResult(
  context: StoreContext,
  changeset: Changeset,
  { principalId }: Actor,
  result: Committed,
): Call {
  const values = [principalId, changeset.idempotencyKey, macOf(context, changeset), JSON.stringify(result)];
  return { statement: store, values };
}

// Two integers: apart from the locks of the revision log, which are one.
const lock = statement('idempotency.lock', `select pg_advisory_xact_lock(20595, hashtext($1))`);
const forget = statement(
  'idempotency.forget',
  `delete from idempotency where principal_id = $1 and key = $2 and created_at < now() - interval '24 hours'`,
);
const read = statement<{ mac: Buffer; result: Committed }>(
  'idempotency.read',
  'select input_hmac as mac, result from idempotency where principal_id = $1 and key = $2',
);
const store = statement(
  'idempotency.store',
  'insert into idempotency (principal_id, key, input_hmac, result) values ($1, $2, $3, $4)',
);

/** Keyed, because the input may hold secrets. */
function macOf(context: StoreContext, changeset: Changeset): Buffer {
  return context.cipher.mac('input', canonicalJson({ ...changeset, idempotencyKey: null }));
}
