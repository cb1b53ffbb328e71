import type { Health } from '../../lib/health.js';
import type { ChartResource, HealthCount } from './chart-model.js';

/** How all that a resource owns is, at any depth, outside objects included: how far it has come. */
export function progressOf(id: string, resources: readonly ChartResource[]): readonly HealthCount[] {
  const owned = new Set([id]);
  // Owners come before what they own, for the answer is by distance; once more for what does not.
  for (const _ of [1, 2])
    for (const { id: child, ownerId } of resources) if (ownerId !== null && owned.has(ownerId)) owned.add(child);
  const counts = new Map<Health, number>();
  const add = (health: Health, count: number) => counts.set(health, (counts.get(health) ?? 0) + count);
  for (const resource of resources) {
    if (!owned.has(resource.id)) continue;
    if (resource.id !== id && resource.objects.totalCount === 0) add(resource.status.health, 1);
    for (const { health, count } of resource.objects.countsByHealth) add(health, count);
  }
  return [...counts].map(([health, count]) => ({ health, count }));
}
