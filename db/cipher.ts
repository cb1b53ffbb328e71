import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Encrypts secret values. AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D); the row is bound as additional data. */
export interface Cipher {
  /** Tells which key encrypted a row. Says nothing about the key. */
  readonly keyId: string;
  encrypt(plaintext: string, row: SecretRow): { readonly nonce: Buffer; readonly ciphertext: Buffer };
  /** Throws an Error that says what next when the key is another one or the row was tampered with. */
  decrypt(
    sealed: { readonly keyId: string; readonly nonce: Buffer; readonly ciphertext: Buffer },
    row: SecretRow,
  ): string;
  /** Keyed, so that equality can be told without decryption and weak values cannot be guessed. `purpose` keeps uses apart. */
  mac(purpose: 'secret' | 'input' | 'plan', text: string): Buffer;
}

export interface SecretRow {
  readonly id: string;
  readonly version: number;
}

/** `key` is 32 random bytes. `draw` gives that many random bytes: of a nonce, which must never come twice for a key. */
export function createCipher(key: Buffer, draw: (sizeBytes: number) => Buffer = randomBytes): Cipher {
  if (key.length !== KEY_BYTES) {
    throw new Error(
      `The encryption key has ${key.length} bytes, and must have ${KEY_BYTES}. Make one with: openssl rand -base64 32`,
    );
  }
  const encryptionKey = derive(key, 'encryption');
  const macKey = derive(key, 'mac');
  const keyId = createHash('sha256').update(derive(key, 'id')).digest('hex').slice(0, 16);
  return {
    keyId,
    encrypt(plaintext, row) {
      const nonce = draw(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', encryptionKey, nonce).setAAD(boundTo(row));
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return { nonce, ciphertext };
    },
    decrypt(sealed, row) {
      if (sealed.keyId !== keyId) {
        throw new Error(
          `Secret ${row.id} was encrypted with the key ${sealed.keyId}, and this server has ${keyId}. ` +
            'Put back the encryption.key that this database was made with.',
        );
      }
      const split = sealed.ciphertext.length - TAG_BYTES;
      const decipher = createDecipheriv('aes-256-gcm', encryptionKey, sealed.nonce)
        .setAAD(boundTo(row))
        .setAuthTag(sealed.ciphertext.subarray(split));
      return Buffer.concat([decipher.update(sealed.ciphertext.subarray(0, split)), decipher.final()]).toString('utf8');
    },
    mac: (purpose, text) => createHmac('sha256', macKey).update(`${purpose}\0`).update(text).digest(),
  };
}

/** Whether two macs are the same, in constant time. */
export function isSameMac(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The key of a data folder (`encryption.key`, mode 0600), made at the first start; or the one that was given as base64. */
export async function loadKey(source: { readonly folder: string } | { readonly base64: string }): Promise<Buffer> {
  if ('base64' in source) return decode(source.base64, 'PORTOLAN_ENCRYPTION_KEY');
  const file = join(source.folder, 'encryption.key');
  await mkdir(source.folder, { recursive: true, mode: 0o700 });
  // `wx`: of two that start at once, the second reads what the first wrote.
  await writeFile(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { flag: 'wx', mode: 0o600 }).catch(
    (error) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return decode(await readFile(file, 'utf8'), file);
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function derive(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `portolan/${purpose}`, KEY_BYTES));
}

function boundTo(row: SecretRow): Buffer {
  return Buffer.from(`${row.id}:${row.version}`);
}

function decode(text: string, from: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${from} does not hold ${KEY_BYTES} bytes as base64. Put back the key that the database was made with; ` +
      'for a new database, make one with: openssl rand -base64 32',
  );
}
