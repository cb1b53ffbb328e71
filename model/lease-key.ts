import type { KindDefinition } from '../lib/kind.js';

/** Fixed for ever: changing it would let two processes hold the same key. */
export const shardCount = 256;

/**
 * Which lease allows to act on a resource. null: nothing reconciles it.
 * `leaseKeyAt` gives the lease key of the resource that the reference at a path points to.
 */
export function leaseKeyOf(
  kind: KindDefinition,
  id: string,
  leaseKeyAt: (path: string) => string | null,
): string | null {
  switch (kind.lease?.per) {
    case undefined:
      return null;
    case 'self':
      return `${kind.name}/${id}`;
    case 'shard':
      return `shard/${Number.parseInt(id.replaceAll('-', '').slice(-8), 16) % shardCount}`;
    case 'reference':
      return leaseKeyAt(kind.lease.path);
  }
}
