import type { Forms } from '../form.js';
import { texts } from '../values.js';

export const fenceForms: Forms = {
  'fence.lock-leases-of': async (run, [ids]) => {
    const keys = run.find(run.tables.resource.primary, texts(ids)).flatMap(({ row }) => row.leaseKey ?? []);
    const found = run.find(run.tables.lease.primary, new Set(keys));
    const locked = await run.lock(
      found.sort((a, b) => (a.row.key < b.row.key ? -1 : 1)),
      'keyShare',
    );
    return locked.map(({ row: { key, holder, epoch, principalId, expiresAt } }) => {
      return { key, holder, epoch, principalId, isLive: expiresAt > run.clockMs };
    });
  },
};
