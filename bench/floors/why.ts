import { serveFloor } from './serve.js';

/** Everything about one resource, what it refers to and what it owns: the reads that an explanation needs, and no thought. */
const walk = `with recursive w (id) as (
    select $1::uuid
    union
    select n.id from w cross join lateral (
      select f.to_id as id from reference f where f.from_id = w.id
      union all select r.id from resource r where r.owner_id = w.id) n
  ) select id from w limit 1001`;
const resources = `select r.*, s.* from resource r left join resource_status s on s.resource_id = r.id where r.id = any($1::uuid[])`;
const references = `select * from reference where from_id = any($1::uuid[])`;
const objects = `select * from object where resource_id = any($1::uuid[]) and health <> 'Healthy'`;
const events = `select * from event where resource_id = any($1::uuid[]) and type = 'Warning' order by last_at desc limit 20`;
const intents = `select * from intent where resource_id = any($1::uuid[]) and resolved_at is null`;

serveFloor((database) => async ({ variables }) => {
  const walked = await database.query<{ readonly id: string }>('walk', walk, [variables.resourceId]);
  const ids = walked.map(({ id }) => id);
  const found = await Promise.all(
    Object.entries({ resources, references, objects, events, intents }).map(([name, text]) =>
      database.query<object>(name, text, [ids]),
    ),
  );
  return { data: { rows: found.map((rows) => rows.length) } };
});
