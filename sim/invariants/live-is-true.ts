import { healthOf } from '../../model/settled.js';
import type { LiveAnswer } from '../viewers.js';
import type { Evidence, Invariant } from './invariant.js';

/** What live reads delivered last is what the database has, once all is settled. */
export function createLiveIsTrue(): Invariant {
  return {
    title: 'what a live read delivered equals the database in the end',
    settled: (evidence) => evidence.viewers.flatMap((viewer) => differences(viewer.name, viewer.live, evidence)),
  };
}

function differences(name: string, live: LiveAnswer['resources'] | null, { database }: Evidence): readonly string[] {
  if (live === null) return [`${name} never got an answer`];
  const seen = new Map(live.nodes.map((node) => [node.id, node]));
  const statuses = new Map(database.rows('resourceStatus').map((row) => [row.resourceId, row]));
  const rows = database.rows('resource');
  const ids = new Set(rows.map(({ id }) => id));
  return [
    ...(live.totalCount === rows.length ? [] : [`${name} counts ${live.totalCount} of ${rows.length} resources`]),
    ...rows.flatMap((row) => {
      const title = `${row.kind} ${row.name} (${row.id})`;
      const node = seen.get(row.id);
      if (!node) return [`${name} does not see ${title}`];
      const status = statuses.get(row.id) ?? null;
      const health = healthOf({ generation: row.generation, isDeleting: row.deletionRequestedAt !== null, status });
      const pairs = [
        ['version', node.version, row.version],
        ['generation', node.generation, row.generation],
        ['status version', node.status.version, status?.version ?? 0],
        ['health', node.status.health, health],
      ];
      return pairs.flatMap(([what, told, is]) =>
        told === is ? [] : [`${name} sees ${what} ${told} of ${title}, and it is ${is}`],
      );
    }),
    ...live.nodes.filter(({ id }) => !ids.has(id)).map(({ id, kind }) => `${name} still sees the ${kind} ${id}`),
  ];
}
