import { serveFloor } from './serve.js';

/** The whole answer is made by Postgres, as one JSON value. */
const text = `select json_build_object('apps', json_build_object('nodes', coalesce(json_agg(json_build_object(
    'id', a.id, 'name', a.name, 'referrers', json_build_object('nodes', coalesce(i.nodes, '[]'))) order by a.name, a.id), '[]'))) as data
  from (select id, name from resource where kind = 'App' order by name, id limit 5) a
  left join lateral (
    select json_agg(json_build_object('id', x.id, 'name', x.name,
      'children', json_build_object('nodes', coalesce(w.nodes, '[]'))) order by x.name, x.id) as nodes
    from (select r.id, r.name from resource r where r.id in (select f.from_id from reference f where f.to_id = a.id)
      order by r.name, r.id limit 5) x
    left join lateral (
      select json_agg(json_build_object('id', y.id, 'name', y.name,
        'events', json_build_object('nodes', coalesce(e.nodes, '[]'))) order by y.name, y.id) as nodes
      from (select r.id, r.name from resource r where r.owner_id = x.id order by r.name, r.id limit 10) y
      left join lateral (
        select json_agg(json_build_object('type', z.type, 'reason', z.reason, 'message', z.message)
          order by z.last_at desc, z.id desc) as nodes
        from (select v.id, v.type, v.reason, v.message, v.last_at from event v where v.resource_id = y.id
          order by v.last_at desc, v.id desc limit 3) z
      ) e on true
    ) w on true
  ) i on true`;

serveFloor((database) => async () => {
  const [row] = await database.query<{ readonly data: unknown }>('deep', text, []);
  return { data: row?.data };
});
