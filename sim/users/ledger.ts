/** What users were told of their edits. Invariants hold the plane to it. */
export interface Ledger {
  readonly acknowledged: readonly Acknowledged[];
  readonly refusals: ReadonlyMap<string, number>;
  /** Edits of which no user ever learnt whether they happened. */
  readonly unknown: number;
  /** Edits that users wait for. */
  readonly underWay: number;
  begin(): void;
  acknowledge(entry: Acknowledged): void;
  /** `isSure`: none of its attempts may still arrive. */
  refuse(code: string, isSure: boolean): void;
  giveUp(): void;
}

export interface Acknowledged {
  readonly atMs: number;
  readonly user: string;
  readonly what: string;
  readonly changesetId: string;
  readonly cursor: string;
  readonly edits: readonly { readonly resourceId: string; readonly version: number | null; readonly result: string }[];
}

export function createLedger(): Ledger {
  const acknowledged: Acknowledged[] = [];
  const refusals = new Map<string, number>();
  let unknown = 0;
  let underWay = 0;
  return {
    acknowledged,
    refusals,
    get unknown() {
      return unknown;
    },
    get underWay() {
      return underWay;
    },
    begin() {
      underWay += 1;
    },
    acknowledge(entry) {
      underWay -= 1;
      acknowledged.push(entry);
    },
    refuse(code, isSure) {
      underWay -= 1;
      if (!isSure) unknown += 1;
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
    },
    giveUp() {
      underWay -= 1;
      unknown += 1;
    },
  };
}
