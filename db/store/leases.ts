import { BadInputError, LimitExceededError } from '../../lib/errors.js';
import { type AskedKey, shareLeases } from '../../model/share-leases.js';
import type { Actor, Lease, Store } from '../contract.js';
import type { Transaction } from '../database.js';
import { statement } from '../statement.js';
import { inTransaction, kindOf, type StoreContext } from './context.js';
import { requireController } from './fence.js';
import { peersOf } from './lease-peers.js';

type LeaseVerbs = Pick<Store, 'registerController' | 'acquireLeases' | 'renewLeases' | 'releaseLeases'>;

/**
 * A lease is free (no holder, or expired) or held until a time of the database's clock. Whoever takes a free one, also
 * the last holder, gets the next epoch; renewing keeps the epoch and works only before it expired. Who holds one keeps it for as long as it renews
 * it: a claim of another one only tells it to give it back.
 */
export function createLeaseVerbs(context: StoreContext): LeaseVerbs {
  const held = async (holder: string, actor: Actor, on = context.database as Pick<StoreContext['database'], 'query'>) =>
    (await on.query(listHeld, [holder, actor.principalId])).map(toLease);

  return {
    async registerController({ holder, kinds, version }, actor) {
      requireController(actor);
      checkHolder(holder);
      for (const kind of kinds) kindOf(context, kind);
      await context.database.query(register, [holder, actor.principalId, [...kinds], version]);
    },

    async acquireLeases({ holder, keys, ttlMs }, actor) {
      requireController(actor);
      checkHolder(holder);
      checkTtl(ttlMs);
      if (keys.length > MAX_KEYS) throw new LimitExceededError(`At most ${MAX_KEYS} leases can be acquired at once.`);
      return inTransaction(context, async (transaction) => {
        const wanted = [...new Set(keys)].sort();
        await transaction.query(join, [holder, actor.principalId, ttlMs]);
        const peers = await peersOf(transaction, holder);
        if (peers.length <= 1) {
          await takeFree(transaction, wanted, holder, ttlMs, actor);
          return { leases: await held(holder, actor, transaction), claimed: 0 };
        }
        const known = new Map((await transaction.query(look, [wanted])).map((row) => [row.key, row]));
        const isOwn = (key: string) => known.get(key)?.holder === holder;
        const asked = wanted.filter((key) => !isOwn(key)).map((key) => known.get(key) ?? neverHeld(key));
        const { take, claim, leave } = shareLeases({ holder, asked, peers, patienceMs: ttlMs });
        if (leave.length > 0) await transaction.query(noteFree, [leave.toSorted()]);
        const kept = [...take, ...wanted.filter(isOwn)].sort();
        if (kept.length > 0) await takeFree(transaction, kept, holder, ttlMs, actor);
        if (claim.length > 0) await transaction.query(claimKeys, [claim.toSorted(), holder, ttlMs * CLAIM_OF_TTL]);
        return { leases: await held(holder, actor, transaction), claimed: claim.length };
      });
    },

    async renewLeases({ holder, ttlMs }, actor) {
      requireController(actor);
      checkTtl(ttlMs);
      return (await context.database.query(renew, [holder, actor.principalId, ttlMs])).map(toLease);
    },

    async releaseLeases({ holder, keys, isLeaving }, actor) {
      requireController(actor);
      if (isLeaving) await context.database.query(leaveOthers, [holder, actor.principalId]);
      await context.database.query(release, [holder, actor.principalId, [...keys]]);
      return held(holder, actor);
    },
  };
}

/** Free ones, in the order of keys. */
async function takeFree(
  transaction: Transaction,
  keys: readonly string[],
  holder: string,
  ttlMs: number,
  actor: Actor,
): Promise<void> {
  // For update, so that who acts under the old epoch finishes first.
  await transaction.query(lockFree, [keys]);
  await transaction.query(takeKeys, [keys, holder, actor.principalId, ttlMs]);
}

const neverHeld = (key: string): AskedKey => ({ key, holder: null, freeForMs: null, claimant: null });

interface LeaseRow {
  readonly key: string;
  readonly epoch: bigint;
  readonly expiresAt: string;
  readonly ttlMs: number;
  readonly isClaimed: boolean;
}

const MAX_KEYS = 10_000;
/** It is repeated as long as it stands, and may be so late once. */
const CLAIM_OF_TTL = 1;
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
  greatest(0, floor(extract(epoch from expires_at - clock_timestamp()) * 1000))::float8 as "ttlMs",
  claimant is not null and claimed_until > clock_timestamp() as "isClaimed"`;
const expiry = `clock_timestamp() + make_interval(secs => $TTL::float8 / 1000)`;

const register = statement(
  'leases.register-controller',
  `insert into controller (holder, principal_id, kinds, version) values ($1, $2, $3, $4)
   on conflict (holder) do update set principal_id = excluded.principal_id, kinds = excluded.kinds, version = excluded.version`,
);
const lockFree = statement(
  'leases.lock-free',
  `select key from lease where key = any($1) and (holder is null or expires_at <= clock_timestamp())
   order by key for update`,
);
// What others hold is not touched: an upsert locks each row that it meets, and would be in the way of their renewals.
const takeKeys = statement(
  'leases.take',
  `insert into lease as l (key, epoch, holder, principal_id, expires_at)
   select w.key, 1, $2, $3, ${expiry.replace('$TTL', '$4')} from unnest($1::text[]) as w (key)
   where not exists (select 1 from lease h where h.key = w.key and h.expires_at > clock_timestamp()
     and (h.holder <> $2 or h.principal_id <> $3))
   order by w.key
   on conflict (key) do update set
     epoch = case when l.holder is null or l.expires_at <= clock_timestamp() then l.epoch + 1 else l.epoch end,
     holder = excluded.holder, principal_id = excluded.principal_id, expires_at = excluded.expires_at,
     claimant = null, claimed_until = null
   where l.holder is null or l.expires_at <= clock_timestamp()
     or (l.holder = excluded.holder and l.principal_id = excluded.principal_id)`,
);
/** Who asked once, and renews since, shares: also who had asked for all before it was registered, and asks for nothing more. */
const join = statement(
  'leases.join',
  `update controller set seen_until = ${expiry.replace('$TTL', '$3')},
     joined_at = case when seen_until > clock_timestamp() then joined_at else clock_timestamp() end
   where holder = $1 and principal_id = $2`,
);
const leaveOthers = statement(
  'leases.leave',
  'update controller set seen_until = clock_timestamp() where holder = $1 and principal_id = $2',
);
const look = statement<AskedKey>(
  'leases.look',
  `select key, case when holder is not null and expires_at > clock_timestamp() then holder end as holder,
     case when holder is null or expires_at <= clock_timestamp()
       then greatest(0, floor(extract(epoch from clock_timestamp() - expires_at) * 1000))::float8 end as "freeForMs",
     case when claimed_until > clock_timestamp() then claimant end as claimant
   from lease where key = any($1)`,
);
// From now on it is known for how long it is free.
const noteFree = statement(
  'leases.note-free',
  `insert into lease (key, epoch, expires_at) select w.key, 0, clock_timestamp() from unnest($1::text[]) as w (key)
   order by w.key on conflict (key) do nothing`,
);
const claimKeys = statement(
  'leases.claim',
  `with open as materialized (select key as own from lease
     where key = any($1) and (claimant is null or claimant = $2 or claimed_until <= clock_timestamp())
     order by key for no key update)
   update lease set claimant = $2, claimed_until = ${expiry.replace('$TTL', '$3')} from open where key = own`,
);
const listHeld = statement<LeaseRow>(
  'leases.list-held',
  `select ${columns} from lease where holder = $1 and principal_id = $2 and expires_at > clock_timestamp() order by key`,
);
// All who lock several do so in the order of keys, so that no two wait for each other.
const renew = statement<LeaseRow>(
  'leases.renew',
  `with here as (update controller set seen_until = ${expiry.replace('$TTL', '$3')},
       joined_at = coalesce(joined_at, clock_timestamp())
     where holder = $1 and principal_id = $2 and (seen_until is null or seen_until > clock_timestamp())),
   mine as materialized (select key as own from lease
     where holder = $1 and principal_id = $2 and expires_at > clock_timestamp() order by key for no key update)
   update lease set expires_at = ${expiry.replace('$TTL', '$3')} from mine where key = own returning ${columns}`,
);
const release = statement(
  'leases.release',
  `with mine as materialized (select key as own from lease
     where holder = $1 and principal_id = $2 and key = any($3) order by key for no key update)
   update lease set holder = null, principal_id = null, expires_at = clock_timestamp() from mine where key = own`,
);
