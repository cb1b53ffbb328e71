import type { JsonObject } from '../lib/canonical.js';
import type { Health } from '../lib/health.js';
import { healthOf } from '../model/settled.js';
import type { SimulatedDatabase } from './database/simulated-database.js';

/** All resources as the tables have them, by id. */
export type Present = ReadonlyMap<string, PresentResource>;

export interface PresentResource {
  readonly title: string;
  readonly version: number;
  readonly generation: number;
  readonly isDeleting: boolean;
  readonly spec: JsonObject;
  readonly statusVersion: number;
  readonly health: Health;
  /** There is nothing to say about it. */
  readonly isCalm: boolean;
}

export function presentOf(database: Pick<SimulatedDatabase, 'rows'>): Present {
  const statuses = new Map(database.rows('resourceStatus').map((row) => [row.resourceId, row]));
  return new Map(
    database.rows('resource').map((row): [string, PresentResource] => {
      const status = statuses.get(row.id) ?? null;
      const isDeleting = row.deletionRequestedAt !== null;
      const health = healthOf({ generation: row.generation, isDeleting, status });
      return [
        row.id,
        {
          title: `${row.kind} ${row.name} (${row.id})`,
          ...{ version: row.version, generation: row.generation, isDeleting, spec: row.spec, health },
          statusVersion: status?.version ?? 0,
          isCalm: health === 'Healthy' && (status?.conditions ?? []).every((each) => each.status === 'True'),
        },
      ];
    }),
  );
}
