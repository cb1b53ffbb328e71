import test from 'ava';
import { tokenLifetime } from '../../../controllers/cluster/token-lifetime.js';

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

test('a service account token says from when until when it is good', (t) => {
  t.deepEqual(tokenLifetime(jwt({ iat: 100, exp: 700 })), { issuedAtMs: 100_000, expiresAtMs: 700_000 });
});

for (const [title, token] of [
  ['that never expires', jwt({ iat: 100 })],
  ['that is a password', 'letmein'],
  ['with dots that is no JWT', 'a.b.c'],
  ['that is not there', undefined],
] as const) {
  test(`nothing is known of a token ${title}`, (t) => t.is(tokenLifetime(token), null));
}
