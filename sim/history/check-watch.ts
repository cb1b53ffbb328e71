import type { WatchDelivery } from './delivery.js';

/**
 * What is wrong with what a subscriber of `watch` was told, as sentences: each connection begins with SYNC, and whatever
 * changed was told after that, by its own CHANGED or by a SYNC. Told twice is right, told for nothing is not. Given in
 * one order with the commits, and when all that is on its way has arrived.
 */
export function checkWatch(deliveries: readonly WatchDelivery[]): readonly string[] {
  const findings: string[] = [];
  /** By id: what nobody has told yet. */
  const untold = new Map<string, { readonly isRemoved: boolean }>();
  const everChanged = new Set<string>();
  const removed = new Set<string>();
  let isSynced = false;
  let hasSubscribed = false;
  for (const delivery of deliveries) {
    switch (delivery.type) {
      case 'subscribed':
        hasSubscribed = true;
        isSynced = false;
        break;
      case 'began':
        everChanged.add(delivery.id);
        if (delivery.isRemoved) removed.add(delivery.id);
        // Before the first connection nothing is promised: its SYNC stands for all that was.
        if (hasSubscribed) untold.set(delivery.id, delivery);
        break;
      case 'SYNC':
        isSynced = true;
        untold.clear();
        break;
      case 'CHANGED': {
        const { id, isRemoved } = delivery;
        if (!isSynced) findings.push(`CHANGED ${id} came before the SYNC of its connection.`);
        if (!everChanged.has(id)) findings.push(`CHANGED ${id} came, and it had not changed.`);
        if (isRemoved && !removed.has(id)) findings.push(`CHANGED ${id} says that it is gone, and it was not removed.`);
        // What is told of an earlier change may come late; the removal has to be told as one.
        if (isRemoved || untold.get(id)?.isRemoved !== true) untold.delete(id);
        break;
      }
    }
  }
  for (const [id, { isRemoved }] of untold) {
    findings.push(`Nobody was woken for ${id}, which ${isRemoved ? 'was removed' : 'changed'}.`);
  }
  return findings;
}
