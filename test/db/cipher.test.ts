import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { createCipher, isSameMac, loadKey } from '../../db/cipher.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const row = { id: 'a', version: 1 };

test('what was encrypted comes back, and never looks the same twice', (t) => {
  const cipher = createCipher(randomBytes(32));
  const [one, two] = [cipher.encrypt('s3cret ü', row), cipher.encrypt('s3cret ü', row)];
  t.is(cipher.decrypt({ keyId: cipher.keyId, ...one }, row), 's3cret ü');
  t.notDeepEqual(one.ciphertext, two.ciphertext);
  t.false(one.ciphertext.includes('s3cret'));
});

test('a ciphertext that was moved to another row, or changed, does not open', (t) => {
  const cipher = createCipher(randomBytes(32));
  const sealed = { keyId: cipher.keyId, ...cipher.encrypt('value', row) };
  t.throws(() => cipher.decrypt(sealed, { id: 'a', version: 2 }));
  t.throws(() => cipher.decrypt(sealed, { id: 'b', version: 1 }));
  const changed = Buffer.from(sealed.ciphertext);
  changed.writeUInt8(changed.readUInt8(0) ^ 1, 0);
  t.throws(() => cipher.decrypt({ ...sealed, ciphertext: changed }, row));
});

test('another key is told apart, with what to do', (t) => {
  const sealed = createCipher(randomBytes(32));
  const value = { keyId: sealed.keyId, ...sealed.encrypt('value', row) };
  t.throws(() => createCipher(randomBytes(32)).decrypt(value, row), { message: /Put back the encryption\.key/ });
});

test('a mac tells equality within one purpose and one key only', (t) => {
  const key = randomBytes(32);
  const [cipher, same, other] = [createCipher(key), createCipher(key), createCipher(randomBytes(32))];
  t.true(isSameMac(cipher.mac('secret', 'x'), same.mac('secret', 'x')));
  t.false(isSameMac(cipher.mac('secret', 'x'), cipher.mac('input', 'x')));
  t.false(isSameMac(cipher.mac('secret', 'x'), other.mac('secret', 'x')));
});

test('the key of a folder is made once, for its owner alone, also by two at once', async (t) => {
  const folder = await temporaryFolder(t);
  const [one, two] = await Promise.all([loadKey({ folder }), loadKey({ folder })]);
  t.deepEqual(one, two);
  t.is((await stat(join(folder, 'encryption.key'))).mode & 0o777, 0o600);
  const base64 = await readFile(join(folder, 'encryption.key'), 'utf8');
  t.deepEqual(await loadKey({ base64 }), one);
});

test('a key that is none is refused without being repeated', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'encryption.key'), 'c2hvcnQ=');
  const error = await t.throwsAsync(loadKey({ folder }), { message: /does not hold 32 bytes/ });
  t.false(error?.message.includes('c2hvcnQ'));
  await t.throwsAsync(loadKey({ base64: 'nonsense' }), { message: /PORTOLAN_ENCRYPTION_KEY/ });
});
