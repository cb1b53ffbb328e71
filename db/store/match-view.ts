import type { JsonObject } from '../../lib/canonical.js';
import { healthOf, type SettledInput } from '../../model/settled.js';
import type { MatchView } from '../contract.js';
import { filterFields } from '../read/filter-fields.js';
import type { ResourceRow } from './rows.js';

/** What filters look at of a stored row. */
export function matchView(row: ResourceRow): MatchView & { readonly spec: JsonObject } {
  const isDeleting = row.deletionRequestedAt !== null;
  const health = healthOf({ generation: row.generation, isDeleting, status: statusOf(row) });
  return { labels: row.labels, health, isDeleting, spec: filterFields(row.spec) };
}

/** null before the first report. */
export function statusOf({ observedGeneration, health, isStale }: ResourceRow): SettledInput['status'] {
  if (observedGeneration === null) return null;
  return { observedGeneration, health: health ?? 'Progressing', isStale: isStale ?? false };
}
