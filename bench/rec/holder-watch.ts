import type { Database } from '../../db/database.js';
import { statement } from '../../db/statement.js';

/** Looks all the time at who holds which lease. */
export interface HolderWatch {
  /** Whether that many processes hold the clusters, and no class of keys unevenly. */
  isEven(processes: number, clusters: number): boolean;
  /** Leases that were seen with two holders under one epoch. */
  doubled(): number;
  /** The largest part of the leases that one process has now. */
  largestShare(): number;
  close(): Promise<void>;
}

export function watchHolders(database: Pick<Database, 'query'>): HolderWatch {
  const seen = new Map<string, string>();
  const doubled = new Set<string>();
  let now: readonly LeaseRow[] = [];
  let isClosed = false;
  const look = async () => {
    now = await database.query(listHolders, []);
    for (const { key, epoch, holder } of now) {
      const known = seen.get(`${key} ${epoch}`);
      if (known !== undefined && known !== holder) doubled.add(`${key} ${epoch}`);
      seen.set(`${key} ${epoch}`, holder);
    }
  };
  const looking = (async () => {
    while (!isClosed) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  })();
  const countsOf = (isCounted: (row: LeaseRow) => boolean) => {
    const groups = Map.groupBy(now.filter(isCounted), ({ holder }) => holder);
    return [...groups.values()].map((rows) => rows.length);
  };
  return {
    isEven(processes, clusters) {
      const isCluster = ({ key }: LeaseRow) => key.startsWith('KubernetesRuntime/');
      const held = countsOf(isCluster);
      if (held.length !== processes || held.reduce((sum, count) => sum + count, 0) !== clusters) return false;
      const shards = countsOf((row) => !isCluster(row));
      return [held, shards].every((counts) => counts.length === 0 || Math.max(...counts) - Math.min(...counts) <= 1);
    },
    doubled: () => doubled.size,
    largestShare: () => Math.max(...countsOf(() => true), 0) / Math.max(1, now.length),
    async close() {
      isClosed = true;
      await looking;
    },
  };
}

interface LeaseRow {
  readonly key: string;
  readonly epoch: string;
  readonly holder: string;
}

const LOOK_MS = 200;

const listHolders = statement<LeaseRow>(
  'bench.list-holders',
  'select key, epoch::text, holder from lease where holder is not null and expires_at > clock_timestamp()',
);
