/**
 * How controllers of the same kinds share leases, decided whenever one of them asks for keys. There is no master: each
 * asks by itself, and the same rule gives each the same picture.
 *
 * Keys are shared by class, which is what stands before the slash: clusters with clusters, shards with shards. Fair is
 * the number of keys by the number of those who share; what does not divide stays with who has most already. Who has less
 * takes what is free, and claims the rest of those who have more, one key for each that is missing, so that as few move as
 * can. Claims wait until it has been there for a while: a process that comes and goes moves nothing.
 * Nothing stays free because its fair holder does not ask for it: after a while anybody takes it.
 */
export function shareLeases(question: SharingQuestion): Sharing {
  const take: string[] = [];
  const claim: string[] = [];
  const leave: string[] = [];
  for (const [name, keys] of classesOf(question)) {
    const shares = fairShares(name, keys, question.peers);
    const own = shares.get(question.holder);
    const missing = own ? own.fair - own.held : 0;
    const free = keys.filter(({ holder }) => holder === null);
    const isOpen = ({ claimant }: AskedKey) => claimant === null || claimant === question.holder;
    const fair = free.filter(isOpen).slice(0, Math.max(0, missing));
    const overdue = free.filter((key) => !fair.includes(key) && (key.freeForMs ?? 0) >= question.patienceMs);
    const taken = new Set([...fair, ...overdue]);
    take.push(...keysOf([...taken]));
    leave.push(...keysOf(free.filter((key) => !taken.has(key) && key.freeForMs === null)));
    if ((own?.sinceMs ?? 0) >= question.patienceMs) claim.push(...claims(keys, shares, question, missing - taken.size));
  }
  return { take, claim, leave };
}

export interface SharingQuestion {
  readonly holder: string;
  /** What it asks for and does not hold. */
  readonly asked: readonly AskedKey[];
  /** All who share, the one who asks among them. */
  readonly peers: readonly LeasePeer[];
  /** How long who just came claims nothing, and how long a free key is left to who should have it. */
  readonly patienceMs: number;
}

export interface AskedKey {
  readonly key: string;
  /** null: it is free. */
  readonly holder: string | null;
  /** null: it is not free, or nobody ever had it. */
  readonly freeForMs: number | null;
  /** Who is to have it next. */
  readonly claimant: string | null;
}

export interface LeasePeer {
  readonly holder: string;
  readonly sinceMs: number;
  /** How many it has, by class. */
  readonly held: ReadonlyMap<string, number>;
  /** How many of them others claim, by class. */
  readonly claimed: ReadonlyMap<string, number>;
}

export interface Sharing {
  readonly take: readonly string[];
  /** Of other holders. */
  readonly claim: readonly string[];
  /** Free, new, and somebody else's share. */
  readonly leave: readonly string[];
}

interface Share {
  readonly held: number;
  readonly fair: number;
  readonly claimed: number;
  readonly sinceMs: number;
}

/** Of each class in the order of who asks: another one has another, so that two who ask at once seldom want the same key. */
function classesOf({ holder, asked }: SharingQuestion): ReadonlyMap<string, readonly AskedKey[]> {
  const ordered = asked
    .map((key) => ({ key, rank: hash(`${holder} ${key.key}`) }))
    .sort((a, b) => a.rank - b.rank || (a.key.key < b.key.key ? -1 : 1))
    .map(({ key }) => key);
  return Map.groupBy(ordered, ({ key }) => key.split('/', 1)[0] ?? key);
}

function fairShares(name: string, keys: readonly AskedKey[], peers: readonly LeasePeer[]): ReadonlyMap<string, Share> {
  const free = keys.filter(({ holder }) => holder === null).length;
  const ranked = peers
    .map((peer) => ({ ...peer, has: peer.held.get(name) ?? 0, rank: hash(`${name} ${peer.holder}`) }))
    .sort((a, b) => b.has - a.has || a.rank - b.rank || (a.holder < b.holder ? -1 : 1));
  const total = ranked.reduce((sum, { has }) => sum + has, free);
  const each = Math.floor(total / ranked.length);
  const shares = ranked.map(({ holder, has, sinceMs, claimed }, index): [string, Share] => {
    const fair = each + (index < total % ranked.length ? 1 : 0);
    return [holder, { held: has, fair, claimed: claimed.get(name) ?? 0, sinceMs }];
  });
  return new Map(shares);
}

function claims(
  keys: readonly AskedKey[],
  shares: ReadonlyMap<string, Share>,
  { holder: own }: SharingQuestion,
  missing: number,
): readonly string[] {
  const isOwn = ({ holder, claimant }: AskedKey) => holder !== null && claimant === own;
  const claimed = keysOf(keys.filter(isOwn)).slice(0, Math.max(0, missing));
  const spare = new Map([...shares].map(([holder, { held, fair, claimed }]) => [holder, held - fair - claimed]));
  for (const { key, holder, claimant } of keys) {
    const left = spare.get(holder ?? '') ?? 0;
    if (claimed.length >= missing || claimant !== null || holder === null || left <= 0) continue;
    spare.set(holder, left - 1);
    claimed.push(key);
  }
  return claimed;
}

const keysOf = (keys: readonly AskedKey[]) => keys.map(({ key }) => key);

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
