import test from 'ava';
import { outputsText, outputText, withoutSecrets } from '../../../cli/output/output-text.js';

const secret = { $secret: { id: '3f2a91c0-7b11-4c4e-8a2e-000000000001', version: 2 } };

test('a secret is hidden wherever it stands', (t) => {
  t.is(outputText(secret), 'hidden');
  t.is(outputText({ users: [{ name: 'app', password: secret }] }), '{"users":[{"name":"app","password":"hidden"}]}');
  t.deepEqual(withoutSecrets({ a: [secret], b: 1 }), { a: ['hidden'], b: 1 });
});

test('outputs that are given no more are left out of a line', (t) => {
  const outputs = [
    { name: 'host', value: 'db.local' },
    { name: 'port', value: 5432, isVanished: true },
    { name: 'password', value: secret, isVanished: false },
  ];
  t.is(outputsText(outputs), 'host = db.local, password = hidden');
});
