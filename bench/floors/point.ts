import { serveFloor } from './serve.js';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly generation: number;
  readonly version: number;
  readonly labels: object;
  readonly createdAt: string;
  readonly spec: { readonly app: string; readonly release: number; readonly parameters: object };
  readonly health: string;
  readonly observedGeneration: number;
}

const text = `select r.id, r.name, r.generation, r.version, r.labels, r.created_at as "createdAt", r.spec,
  coalesce(s.observed_generation, 0) as "observedGeneration",
  resource_health(r.generation, r.deletion_requested_at, s.observed_generation, s.health, s.is_stale) as health
  from resource r left join resource_status s on s.resource_id = r.id where r.id = $1`;

serveFloor((database) => async ({ variables }) => {
  const [row] = await database.query<Row>('point', text, [variables.id]);
  if (!row) return { data: { node: null } };
  const { id, name, generation, version, labels, createdAt, spec, health, observedGeneration } = row;
  const { app, release, parameters } = spec;
  const status = { health, observedGeneration };
  return {
    data: { node: { id, name, generation, version, labels, createdAt, spec: { app, release, parameters }, status } },
  };
});
