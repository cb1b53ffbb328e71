import type { Forms } from '../form.js';
import type { ControllerRow, LeaseRow } from '../rows.js';
import type { Found, Run } from '../run.js';
import { keyOf } from '../schema.js';
import { integer, iso, text, texts } from '../values.js';

export const leaseForms: Forms = {
  'leases.register-controller': async (run, [holder, principalId, kinds, version]) => {
    const given = { principalId: text(principalId), kinds: texts(kinds), version: text(version) };
    const row = { holder: text(holder), ...given, registeredAt: run.nowMs, joinedAt: null, seenUntil: null };
    await run.upsert(run.tables.controller, 'controller_pkey', row, (before) => ({ ...before, ...given }));
    return [];
  },

  'leases.join': async (run, [holder, principalId, ttlMs]) => {
    const seenUntil = run.clockMs + integer(ttlMs);
    await updateController(run, [text(holder), text(principalId)], (before) => {
      return { ...before, seenUntil, joinedAt: isHere(run, before) ? before.joinedAt : run.clockMs };
    });
    return [];
  },

  'leases.leave': async (run, [holder, principalId]) => {
    const leave = (before: ControllerRow) => ({ ...before, seenUntil: run.clockMs });
    await updateController(run, [text(holder), text(principalId)], leave);
    return [];
  },

  'leases.list-peers': (run, [holder]) => {
    const me = run.one(run.tables.controller.primary, text(holder));
    if (!me) return [];
    const isPeer = (row: ControllerRow) => isHere(run, row) && keyOf(...row.kinds) === keyOf(...me.kinds);
    const peers = run.all(run.tables.controller).filter(isPeer);
    return peers.sort((a, b) => byText(a.holder, b.holder)).flatMap((peer) => peerRows(run, peer));
  },

  'leases.look': (run, [keys]) => {
    return run.rows(run.tables.lease.primary, texts(keys)).map((row) => ({
      key: row.key,
      holder: isFree(run, row) ? null : row.holder,
      freeForMs: isFree(run, row) ? Math.max(0, run.clockMs - row.expiresAt) : null,
      claimant: isClaimed(run, row) ? row.claimant : null,
    }));
  },

  'leases.note-free': async (run, [keys]) => {
    for (const key of texts(keys).toSorted(byText)) {
      const row = { key, epoch: 0n, holder: null, principalId: null, expiresAt: run.clockMs, ...unclaimed };
      await run.upsert(run.tables.lease, 'lease_pkey', row, () => null);
    }
    return [];
  },

  'leases.claim': async (run, [keys, holder, ttlMs]) => {
    const isOpen = (row: LeaseRow) => !isClaimed(run, row) || row.claimant === holder;
    const found = run.find(run.tables.lease.primary, texts(keys)).filter(({ row }) => isOpen(row));
    const locked = await run.lock(found.sort(byKey), 'noKeyUpdate', isOpen);
    for (const each of locked) {
      const claim = { claimant: text(holder), claimedUntil: run.clockMs + integer(ttlMs) };
      await run.update(each, (before) => ({ ...before, ...claim }));
    }
    return [];
  },

  'leases.lock-free': async (run, [keys]) => {
    const found = run.find(run.tables.lease.primary, texts(keys)).filter(({ row }) => isFree(run, row));
    const locked = await run.lock(found.sort(byKey), 'update', (row) => isFree(run, row));
    return locked.map(({ row: { key } }) => ({ key }));
  },

  'leases.take': async (run, [keys, holder, principalId, ttlMs]) => {
    const given = { holder: text(holder), principalId: text(principalId) };
    const isOfOthers = (row: LeaseRow) =>
      row.expiresAt > run.clockMs &&
      row.holder !== null &&
      (row.holder !== given.holder || row.principalId !== given.principalId);
    const others = new Set(
      run
        .rows(run.tables.lease.primary, texts(keys))
        .filter(isOfOthers)
        .map(({ key }) => key),
    );
    for (const key of texts(keys).toSorted(byText)) {
      if (others.has(key)) continue;
      const expiresAt = run.clockMs + integer(ttlMs);
      await run.upsert(
        run.tables.lease,
        'lease_pkey',
        { key, epoch: 1n, ...given, expiresAt, ...unclaimed },
        (before) => {
          if (isFree(run, before)) return { ...before, ...given, expiresAt, ...unclaimed, epoch: before.epoch + 1n };
          const isOwn = before.holder === given.holder && before.principalId === given.principalId;
          return isOwn ? { ...before, ...given, expiresAt, ...unclaimed } : null;
        },
      );
    }
    return [];
  },

  'leases.list-held': (run, [holder, principalId]) => {
    const rows = run.rows(run.tables.lease.byHolder, [text(holder)]).filter(isHeldBy(run, text(principalId)));
    return rows.sort((a, b) => byText(a.key, b.key)).map((row) => answer(run, row));
  },

  'leases.renew': async (run, [holder, principalId, ttlMs]) => {
    const seen = (before: ControllerRow) => {
      return { ...before, seenUntil: run.clockMs + integer(ttlMs), joinedAt: before.joinedAt ?? run.clockMs };
    };
    const isSeen = (row: ControllerRow) => row.seenUntil === null || isHere(run, row);
    await updateController(run, [text(holder), text(principalId)], seen, isSeen);
    const isHeld = isHeldBy(run, text(principalId));
    const renewed: object[] = [];
    const isMine = (row: LeaseRow) => row.holder === holder && isHeld(row);
    for (const mine of await lockMine(run, text(holder), isMine)) {
      const row = await run.update(mine, (before) => ({ ...before, expiresAt: run.clockMs + integer(ttlMs) }));
      if (row) renewed.push(answer(run, row));
    }
    return renewed;
  },

  'leases.release': async (run, [holder, principalId, keys]) => {
    const wanted = new Set(texts(keys));
    const isMine = (row: LeaseRow) => row.holder === holder && row.principalId === principalId && wanted.has(row.key);
    const free = (before: LeaseRow) => ({ ...before, holder: null, principalId: null, expiresAt: run.clockMs });
    for (const mine of await lockMine(run, text(holder), isMine)) await run.update(mine, free);
    return [];
  },
};

/** In the order of keys. */
function lockMine(run: Run, holder: string, isMine: (row: LeaseRow) => boolean): Promise<Found<LeaseRow>[]> {
  const found = run.find(run.tables.lease.byHolder, [holder]).filter(({ row }) => isMine(row));
  return run.lock(found.sort(byKey), 'noKeyUpdate', isMine);
}

async function updateController(
  run: Run,
  [holder, principalId]: readonly [string, string],
  change: (before: ControllerRow) => ControllerRow,
  matches: (row: ControllerRow) => boolean = () => true,
): Promise<void> {
  const isOwn = (row: ControllerRow) => row.principalId === principalId && matches(row);
  const found = run.find(run.tables.controller.primary, [holder]).filter(({ row }) => isOwn(row));
  for (const each of found) await run.update(each, change, isOwn);
}

/** One for each class of keys, or one that says that it has none. */
function peerRows(run: Run, { holder, joinedAt }: ControllerRow): readonly object[] {
  const sinceMs = Math.max(0, run.clockMs - (joinedAt ?? 0));
  const leases = run.rows(run.tables.lease.byHolder, [holder]).filter((row) => !isFree(run, row));
  const classes = [...Map.groupBy(leases, ({ key }) => key.split('/', 1)[0] ?? key)];
  if (classes.length === 0) return [{ holder, sinceMs, class: null, held: 0, claimed: 0 }];
  return classes
    .sort(([a], [b]) => byText(a, b))
    .map(([name, rows]) => {
      const claimed = rows.filter((row) => isClaimed(run, row)).length;
      return { holder, sinceMs, class: name, held: rows.length, claimed };
    });
}

const unclaimed = { claimant: null, claimedUntil: null };

const byKey = (a: Found<LeaseRow>, b: Found<LeaseRow>) => byText(a.row.key, b.row.key);

const isHere = (run: Run, row: ControllerRow) => row.seenUntil !== null && row.seenUntil > run.clockMs;

const isClaimed = (run: Run, row: LeaseRow) => row.claimedUntil !== null && row.claimedUntil > run.clockMs;

const byText = (a: string, b: string) => (a < b ? -1 : 1);

const isFree = (run: Run, row: LeaseRow) => row.holder === null || row.expiresAt <= run.clockMs;

const isHeldBy = (run: Run, principalId: string) => (row: LeaseRow) =>
  row.principalId === principalId && row.expiresAt > run.clockMs;

function answer(run: Run, row: LeaseRow): object {
  const { key, epoch, expiresAt } = row;
  const ttlMs = Math.max(0, expiresAt - run.clockMs);
  return { key, epoch, expiresAt: iso(expiresAt), ttlMs, isClaimed: isClaimed(run, row) };
}
