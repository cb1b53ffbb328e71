import type { WebSocket } from 'ws';
import type { Actor } from '../db/contract.js';
import type { Clock } from '../lib/clock.js';
import { UnauthenticatedError } from '../lib/errors.js';
import { type Authenticate, authenticateBearer } from './bearer.js';
import type { Limits } from './limits.js';
import type { Metrics } from './metrics.js';
import type { Session } from './session.js';

export interface RechecksOptions {
  readonly authenticate: Authenticate;
  readonly limits: Pick<Limits, 'recheckMs'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'socketEnded'>;
}

/**
 * Asks again and again whose the tokens of the open sockets are, each token once: a socket may live for weeks. One whose
 * token was revoked is ended for good; one whose rights have changed is ended so that its client comes back with the new
 * ones. While nobody can say, nothing is ended.
 */
export function startRechecks(
  sessions: ReadonlyMap<WebSocket, Session>,
  { authenticate, limits, clock, metrics }: RechecksOptions,
): { close(): void } {
  let isClosed = false;
  let cancel = clock.after(limits.recheckMs, () => void go());

  async function go(): Promise<void> {
    const byToken = new Map<unknown, Session[]>();
    for (const session of sessions.values()) {
      if (session.actor === null) continue;
      const known = byToken.get(session.authorization);
      if (known) known.push(session);
      else byToken.set(session.authorization, [session]);
    }
    for (const [authorization, those] of byToken) {
      if (isClosed) return;
      const now = await whoNow(authorization);
      if (now === 'unknown') continue;
      for (const { actor, socket } of those) {
        if (now !== null && actor !== null && isSame(actor, now)) continue;
        metrics.socketEnded(now === null ? 'unauthenticated' : 'rights');
        if (now === null) socket.close(CLOSE_UNAUTHORIZED, 'The token was revoked.');
        else socket.close(CLOSE_SERVICE_RESTART, 'The rights of the token changed.');
      }
    }
    if (!isClosed) cancel = clock.after(limits.recheckMs, () => void go());
  }
  async function whoNow(authorization: unknown): Promise<Actor | null | 'unknown'> {
    try {
      return await authenticateBearer(authorization, authenticate);
    } catch (error) {
      return error instanceof UnauthenticatedError ? null : 'unknown';
    }
  }

  return {
    close() {
      isClosed = true;
      cancel();
    },
  };
}

/** IANA's registry of close codes: "Service Restart", after which clients connect again. */
const CLOSE_SERVICE_RESTART = 1012;
/** graphql-transport-ws: "Unauthorized", which clients do not retry. */
const CLOSE_UNAUTHORIZED = 4401;

function isSame(a: Actor, b: Actor): boolean {
  const rightsOf = ({ role, projectIds = [] }: Actor) => `${role} ${[...projectIds].sort().join()}`;
  return a.principalId === b.principalId && rightsOf(a) === rightsOf(b);
}
