import { BadInputError, LimitExceededError } from '../../lib/errors.js';
import type { Actor, Lease, Store } from '../contract.js';
import { ControllerEntity } from '../entities.js';
import { statement } from '../statement.js';
import { inTransaction, kindOf, type StoreContext } from './context.js';
import { requireController } from './fence.js';

type LeaseVerbs = Pick<Store, 'registerController' | 'acquireLeases' | 'renewLeases' | 'releaseLeases'>;

/**
 * A lease is free (no holder, or expired) or held until a time of the database's clock. Whoever takes a free one, also
 * the last holder, gets the next epoch; renewing keeps the epoch and works only before it expired.
 */
export function createLeaseVerbs(context: StoreContext): LeaseVerbs {
  const held = async (holder: string, actor: Actor, on = context.database as Pick<StoreContext['database'], 'query'>) =>
    (await on.query(listHeld, [holder, actor.principalId])).map(toLease);

  return {
    async registerController({ holder, kinds, version }, actor) {
      requireController(actor);
      checkHolder(holder);
      for (const kind of kinds) kindOf(context, kind);
      await context.database.fork().upsert(ControllerEntity, {
        holder,
        principalId: actor.principalId,
        kinds: [...kinds],
        version,
      });
    },

    async acquireLeases({ holder, keys, ttlMs }, actor) {
      requireController(actor);
      checkHolder(holder);
      checkTtl(ttlMs);
      if (keys.length > MAX_KEYS) throw new LimitExceededError(`At most ${MAX_KEYS} leases can be acquired at once.`);
      return inTransaction(context, async (transaction) => {
        const wanted = [...new Set(keys)].sort();
        // For update, so that who acts under the old epoch finishes first.
        await transaction.query(lockFree, [wanted]);
        await transaction.query(take, [wanted, holder, actor.principalId, ttlMs]);
        return held(holder, actor, transaction);
      });
    },

    async renewLeases({ holder, ttlMs }, actor) {
      requireController(actor);
      checkTtl(ttlMs);
      return (await context.database.query(renew, [holder, actor.principalId, ttlMs])).map(toLease);
    },

    async releaseLeases({ holder, keys }, actor) {
      requireController(actor);
      await context.database.query(release, [holder, actor.principalId, [...keys]]);
      return held(holder, actor);
    },
  };
}

interface LeaseRow {
  readonly key: string;
  readonly epoch: bigint;
  readonly expiresAt: string;
  readonly ttlMs: number;
}

const MAX_KEYS = 10_000;
const SHORTEST_TTL_MS = 100;
const LONGEST_TTL_MS = 600_000;

const toLease = (row: LeaseRow): Lease => ({ ...row, epoch: Number(row.epoch) });

function checkHolder(holder: string): void {
  if (/^[\w.:@/-]{1,200}$/.test(holder)) return;
  throw new BadInputError('A holder is named by 1 to 200 letters, digits and . : @ / _ -', { path: ['holder'] });
}

function checkTtl(ttlMs: number): void {
  if (Number.isInteger(ttlMs) && ttlMs >= SHORTEST_TTL_MS && ttlMs <= LONGEST_TTL_MS) return;
  throw new BadInputError(`A lease lasts ${SHORTEST_TTL_MS} to ${LONGEST_TTL_MS} ms.`, { path: ['ttlMs'] });
}

const columns = `key, epoch, expires_at as "expiresAt",
  greatest(0, floor(extract(epoch from expires_at - clock_timestamp()) * 1000))::float8 as "ttlMs"`;
const expiry = `clock_timestamp() + make_interval(secs => $TTL::float8 / 1000)`;

const lockFree = statement(
  'leases.lock-free',
  `select key from lease where key = any($1) and (holder is null or expires_at <= clock_timestamp())
   order by key for update`,
);
const take = statement(
  'leases.take',
  `insert into lease as l (key, epoch, holder, principal_id, expires_at)
   select key, 1, $2, $3, ${expiry.replace('$TTL', '$4')} from unnest($1::text[]) as key order by key
   on conflict (key) do update set
     epoch = case when l.holder is null or l.expires_at <= clock_timestamp() then l.epoch + 1 else l.epoch end,
     holder = excluded.holder, principal_id = excluded.principal_id, expires_at = excluded.expires_at
   where l.holder is null or l.expires_at <= clock_timestamp()
     or (l.holder = excluded.holder and l.principal_id = excluded.principal_id)`,
);
const listHeld = statement<LeaseRow>(
  'leases.list-held',
  `select ${columns} from lease where holder = $1 and principal_id = $2 and expires_at > clock_timestamp() order by key`,
);
const renew = statement<LeaseRow>(
  'leases.renew',
  `update lease set expires_at = ${expiry.replace('$TTL', '$3')}
   where holder = $1 and principal_id = $2 and expires_at > clock_timestamp() returning ${columns}`,
);
const release = statement(
  'leases.release',
  `update lease set holder = null, principal_id = null, expires_at = clock_timestamp()
   where holder = $1 and principal_id = $2 and key = any($3)`,
);
