import type { Json } from '../../../lib/canonical.js';
import type { Forms } from '../form.js';
import { keyOf } from '../schema.js';
import { bytes, json, text } from '../values.js';

const DAY_MS = 86_400_000;

export const idempotencyForms: Forms = {
  'idempotency.lock': async (run, [key]) => {
    await run.lockAdvisory([20_595n, hashOf(text(key))]);
    return [{}];
  },

  'idempotency.forget': async (run, [principalId, key]) => {
    const found = run.find(run.tables.idempotency.primary, [keyOf(text(principalId), text(key))]);
    const isOld = (row: { readonly createdAt: number }) => row.createdAt < run.nowMs - DAY_MS;
    for (const one of found) if (isOld(one.row)) await run.remove(one, isOld);
    return [];
  },

  'idempotency.read': (run, [principalId, key]) =>
    run
      .rows(run.tables.idempotency.primary, [keyOf(text(principalId), text(key))])
      .map(({ inputHmac, result }) => ({ mac: inputHmac, result })),

  'idempotency.store': async (run, [principalId, key, mac, result]) => {
    const place = { principalId: text(principalId), key: text(key) };
    const given = { inputHmac: bytes(mac), result: json<Json>(result), createdAt: run.nowMs };
    await run.insert(run.tables.idempotency, { ...place, ...given });
    return [];
  },

  'maintenance.forget-keys': async (run) => {
    for (const tuple of [...run.tables.idempotency.tuples]) {
      const row = run.seen(tuple);
      if (row && row.createdAt < run.nowMs - DAY_MS) await run.remove({ tuple, row });
    }
    return [];
  },
};

/** Like `hashtext`: equal texts have equal numbers (FNV-1a; two texts that share one by chance wait for each other needlessly). */
function hashOf(given: string): bigint {
  let hash = 0x811c9dc5;
  for (let at = 0; at < given.length; at += 1) hash = Math.imul(hash ^ given.charCodeAt(at), 0x01000193);
  return BigInt(hash | 0);
}
