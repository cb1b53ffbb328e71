import { type Health } from '../lib/health.js';
import { healthOf } from '../model/settled.js';
import { builtInKinds } from '../schema/kinds/built-in.js';
import type { SimulatedDatabase } from './database/simulated-database.js';

/** What is not as wanted yet, a sentence each. Read from the tables. */
export function unsettled(database: Pick<SimulatedDatabase, 'rows'>): readonly string[] {
  const open = database.rows('intent').filter(({ resolvedAt }) => resolvedAt === null);
  return [
    ...unhealthy(database),
    ...open.map(({ action, resourceId }) => `the intent to ${action} ${resourceId} is open`),
  ];
}

function unhealthy(database: Pick<SimulatedDatabase, 'rows'>): readonly string[] {
  const statuses = new Map(database.rows('resourceStatus').map((row) => [row.resourceId, row]));
  return database.rows('resource').flatMap((row) => {
    const title = `${row.kind} ${row.name} (${row.id})`;
    const status = statuses.get(row.id) ?? null;
    if (row.deletionRequestedAt !== null) {
      const said = (status?.conditions ?? []).map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
      return [`${title} is still being deleted (${said.join('; ')})`];
    }
    if (builtInKinds.find(row.kind)?.lease === null) return [];
    const health: Health = healthOf({ generation: row.generation, isDeleting: false, status });
    if (health === 'Healthy') return [];
    const ready = status?.conditions.find(({ type }) => type === 'Ready');
    return [`${title} is ${health} (${ready?.reason ?? 'nothing said'}: ${ready?.message ?? ''})`];
  });
}
