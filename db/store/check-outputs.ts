import type { JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { isSecretReference } from '../../lib/kind.js';
import { findSecrets, listSecretReferences } from '../../model/secrets.js';
import type { Transaction } from '../database.js';
import { statement } from '../statement.js';
import { kindOf, type StoreContext } from './context.js';
import type { ResourceRow } from './rows.js';

/**
 * A secret output is a reference to a secret of the resource itself, for whoever refers to the resource is given what its
 * outputs name. Throws BadInputError for a value in plain text, and for a secret of something else.
 */
export async function checkOutputs(
  context: StoreContext,
  transaction: Transaction,
  { id, kind, name }: ResourceRow,
  outputs: JsonObject,
): Promise<void> {
  const plain = findSecrets({ ...kindOf(context, kind), spec: kindOf(context, kind).outputs }, outputs).find(
    ({ value }) => !isSecretReference(value),
  );
  if (plain) {
    throw new BadInputError(
      `The output ${plain.place} of ${kind} ${name} is secret: store its value with storeSecret, and report what that answers.`,
      { path: ['outputs', ...plain.path] },
    );
  }
  const named = listSecretReferences(outputs).map(({ $secret }) => $secret);
  if (named.length === 0) return;
  const own = await transaction.query(listOwn, [id, named.map((secret) => secret.id)]);
  const known = new Set(own.map((secret) => `${secret.id} ${secret.version}`));
  const foreign = named.find((secret) => !known.has(`${secret.id} ${secret.version}`));
  if (!foreign) return;
  throw new BadInputError(
    `An output of ${kind} ${name} names the secret ${foreign.id} of version ${foreign.version}, which it does not hold. Store the value with storeSecret first.`,
    { path: ['outputs'] },
  );
}

const listOwn = statement<{ id: string; version: number }>(
  'outputs.list-own-secrets',
  'select id, version from secret_value where resource_id = $1 and id = any($2::uuid[])',
);
