import type { Random } from '../../lib/random.js';

/**
 * What can be made to go wrong. The first three concern pods, the fourth claims; `quota` and `webhook` refuse what is
 * stored, by requests or by the cluster itself; the next four concern resources of the cloud; the others concern requests.
 */
export type FaultKind =
  | 'imagePull'
  | 'crashLoop'
  | 'unschedulable'
  | 'noVolume'
  | 'quota'
  | 'webhook'
  | 'creationFails'
  | 'updateFails'
  | 'impaired'
  | 'diskFull'
  | 'apiDown'
  | 'slow'
  | 'conflict'
  | 'throttle'
  | 'unauthorized'
  | 'forbidden'
  | 'lostReply'
  | 'serverError'
  | 'watchCut'
  | 'gone';

export interface Fault {
  readonly kind: FaultKind;
  /** What it hits; all that is left out matches everything. */
  readonly match?: FaultMatch;
  /** How often it hits before it is gone. For ever when left out. */
  readonly count?: number;
  /** How often it hits what matches, in [0, 1], drawn from the world's seed. Always when left out. */
  readonly probability?: number;
  /** For `slow`: by how much; for `watchCut`: how long a watch lasts (a second when left out). In milliseconds. */
  readonly delayMs?: number;
  /** For `quota` and `webhook`: the name that the refusal says. */
  readonly name?: string;
  /**
   * For `webhook`: why it denies; it does not answer when left out. For `unschedulable`: what the scheduler says.
   * In the cloud, for `creationFails`, `updateFails`, `impaired`, `diskFull` and `unauthorized`: what is said of it.
   */
  readonly message?: string;
  /** For `quota` of the cloud: how many there may be. For `diskFull`: the storage in GB up to which it is full; any when left out. */
  readonly limit?: number;
  /** For `throttle`: what the answer says, in milliseconds. */
  readonly retryAfterMs?: number;
}

export interface FaultMatch {
  readonly cluster?: string;
  /** Of the cloud; `*` for all of them. A fault that names none hits clusters, and one that names one hits the cloud. */
  readonly account?: string;
  readonly region?: string;
  /** Of an object, or the type of a resource of the cloud: `database`. */
  readonly kind?: string;
  readonly namespace?: string;
  /** The whole name, or its beginning with a `*` at the end. */
  readonly name?: string;
  readonly verb?: Verb;
}

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'apply'
  | 'create'
  | 'update'
  | 'delete'
  | 'discover'
  | 'identify'
  | 'describe'
  | 'empty';

export interface FaultSubject {
  /** Null in the cloud. */
  readonly cluster: string | null;
  /** In the cloud alone. */
  readonly account?: string;
  readonly region?: string;
  readonly kind: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly verb: Verb | null;
}

export interface Faults {
  /** Returns the fault's id. */
  set(fault: Fault): string;
  /** All when `id` is left out. */
  clear(id?: string): void;
  list(): readonly (Fault & { readonly id: string })[];
  /** The first fault of that kind that hits `subject` now, counted; null when none does. */
  take(kind: FaultKind, subject: FaultSubject): Fault | null;
  /** The first fault of that kind that matches, uncounted and whatever its chance. For what lasts, and is only looked at. */
  find(kind: FaultKind, subject: FaultSubject): Fault | null;
}

export function createFaults(random: Random): Faults {
  const faults = new Map<string, { readonly fault: Fault; left: number }>();
  let serial = 0;
  return {
    set(fault) {
      const id = `fault-${++serial}`;
      faults.set(id, { fault, left: fault.count ?? Number.POSITIVE_INFINITY });
      return id;
    },
    clear(id) {
      if (id === undefined) faults.clear();
      else faults.delete(id);
    },
    list: () =>
      [...faults].map(([id, { fault, left }]) => ({ ...fault, id, ...(Number.isFinite(left) ? { count: left } : {}) })),
    take(kind, subject) {
      for (const [id, entry] of faults) {
        if (entry.fault.kind !== kind || !isHit(entry.fault.match ?? {}, subject)) continue;
        if (entry.fault.probability !== undefined && random.next() >= entry.fault.probability) continue;
        entry.left -= 1;
        if (entry.left <= 0) faults.delete(id);
        return entry.fault;
      }
      return null;
    },
    find: (kind, subject) =>
      [...faults.values()].find(({ fault }) => fault.kind === kind && isHit(fault.match ?? {}, subject))?.fault ?? null,
  };
}

function isHit(match: FaultMatch, subject: FaultSubject): boolean {
  if ((match.account === undefined) !== (subject.account === undefined)) return false;
  if (match.account !== undefined && match.account !== '*' && match.account !== subject.account) return false;
  if (match.region !== undefined && match.region !== subject.region) return false;
  if (match.cluster !== undefined && match.cluster !== subject.cluster) return false;
  if (match.kind !== undefined && match.kind !== subject.kind) return false;
  if (match.namespace !== undefined && match.namespace !== subject.namespace) return false;
  if (match.verb !== undefined && match.verb !== subject.verb) return false;
  if (match.name === undefined) return true;
  return match.name.endsWith('*')
    ? (subject.name ?? '').startsWith(match.name.slice(0, -1))
    : match.name === subject.name;
}
