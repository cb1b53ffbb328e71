import type { KindDefinition } from '../lib/kind.js';

/**
 * Enough for some dozen processes to share evenly, and few, for each lease that is held is a row written every five seconds,
 * and told: 256 of them were half of what a plane that rests cost. The key is stored with each resource, and its fence goes
 * by that, so what was made with another number keeps its key until it is written again.
 */
export const shardCount = 32;

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
