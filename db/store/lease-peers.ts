import type { LeasePeer } from '../../model/share-leases.js';
import type { Transaction } from '../database.js';
import { statement } from '../statement.js';

/** Who shares leases with a holder, itself among them; none when it did not register. */
export async function peersOf(transaction: Transaction, holder: string): Promise<readonly LeasePeer[]> {
  const rows = await transaction.query(listPeers, [holder]);
  return [...Map.groupBy(rows, (row) => row.holder)].map(([name, classes]) => ({
    holder: name,
    sinceMs: classes[0]?.sinceMs ?? 0,
    held: new Map(classes.flatMap(({ class: each, held }) => (each === null ? [] : [[each, held]]))),
    claimed: new Map(classes.flatMap(({ class: each, claimed }) => (each === null ? [] : [[each, claimed]]))),
  }));
}

interface PeerRow {
  readonly holder: string;
  readonly sinceMs: number;
  /** What stands before the slash of its keys; null: it has none. */
  readonly class: string | null;
  readonly held: number;
  readonly claimed: number;
}

// Those who serve other kinds want other keys, so they are nobody to share with.
const listPeers = statement<PeerRow>(
  'leases.list-peers',
  `select c.holder, greatest(0, floor(extract(epoch from clock_timestamp() - c.joined_at) * 1000))::float8 as "sinceMs",
     split_part(l.key, '/', 1) as class, count(l.key)::int as held,
     (count(l.key) filter (where l.claimed_until > clock_timestamp()))::int as claimed
   from controller me
     join controller c on c.kinds = me.kinds and c.seen_until > clock_timestamp()
     left join lease l on l.holder = c.holder and l.expires_at > clock_timestamp()
   where me.holder = $1 group by c.holder, c.joined_at, split_part(l.key, '/', 1) order by c.holder, class`,
);
