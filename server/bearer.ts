import type { Actor } from '../db/contract.js';
import { UnauthenticatedError } from '../lib/errors.js';

/** Whose token it is; null: nobody's. Throws when the database does not answer. */
export type Authenticate = (token: string) => Promise<Actor | null>;

/** Who speaks, by the value of an `authorization` header. Throws UnauthenticatedError without a valid token; loopback alone grants nothing. */
export async function authenticateBearer(authorization: unknown, authenticate: Authenticate): Promise<Actor> {
  const token =
    typeof authorization === 'string' ? /^Bearer +([A-Za-z0-9._~+/=-]{1,500}) *$/i.exec(authorization)?.[1] : undefined;
  if (token === undefined) {
    throw new UnauthenticatedError('Nobody asks: the request carries no token.', {
      next: 'Send the header "authorization: Bearer <token>". The first start wrote one to operator.token in the data folder.',
    });
  }
  const actor = await authenticate(token);
  if (actor) return actor;
  throw new UnauthenticatedError('The token is not valid here. It may be of another installation, or revoked.', {
    next: 'Use the token in operator.token of this installation.',
  });
}
