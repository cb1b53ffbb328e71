import type { Cipher } from './cipher.js';
import { describeConnection } from './connection.js';
import type { Database } from './database.js';
import { statement } from './statement.js';

/** Throws an Error when the secrets of this database were encrypted with another key: a server without it could deploy nothing. */
export async function checkKey(database: Database, cipher: Cipher): Promise<void> {
  const [other] = await database.query(findOther, [cipher.keyId]);
  if (!other) return;
  throw new Error(
    `The secrets in the database ${describeConnection(database.connection)} were encrypted with the key ${other.keyId}, ` +
      `and this server has the key ${cipher.keyId}. Put back the encryption.key (or PORTOLAN_ENCRYPTION_KEY) ` +
      'that this database was made with, or name another database.',
  );
}

const findOther = statement<{ keyId: string }>(
  'check-key.find-other',
  'select key_id as "keyId" from secret_value where key_id <> $1 limit 1',
);
