import { serveFloor } from './serve.js';

interface Named {
  readonly id: string;
  readonly name: string;
}
interface Below extends Named {
  readonly parentId: string;
}
interface EventRow {
  readonly parentId: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

const apps = `select id, name from resource where kind = 'App' order by name, id limit 5`;
const instances = `select p.id as "parentId", x.id, x.name from unnest($1::uuid[]) p (id) cross join lateral (
  select r.id, r.name from resource r where r.id in (select f.from_id from reference f where f.to_id = p.id)
  order by r.name, r.id limit 5) x order by p.id, x.name, x.id`;
const workloads = `select p.id as "parentId", x.id, x.name from unnest($1::uuid[]) p (id) cross join lateral (
  select r.id, r.name from resource r where r.owner_id = p.id order by r.name, r.id limit 10) x order by p.id, x.name, x.id`;
const events = `select p.id as "parentId", x.type, x.reason, x.message from unnest($1::uuid[]) p (id) cross join lateral (
  select e.id, e.type, e.reason, e.message, e.last_at from event e where e.resource_id = p.id
  order by e.last_at desc, e.id desc limit 3) x order by p.id, x.last_at desc, x.id desc`;

/** One statement for each level, and the tree is put together in memory. */
serveFloor((database) => async () => {
  const first = await database.query<Named>('apps', apps, []);
  const second = await database.query<Below>('instances', instances, [first.map(({ id }) => id)]);
  const third = await database.query<Below>('workloads', workloads, [second.map(({ id }) => id)]);
  const fourth = await database.query<EventRow>('events', events, [third.map(({ id }) => id)]);
  const instancesOf = Map.groupBy(second, (row) => row.parentId);
  const workloadsOf = Map.groupBy(third, (row) => row.parentId);
  const eventsOf = Map.groupBy(fourth, (row) => row.parentId);
  return {
    data: {
      apps: {
        nodes: first.map((app) => ({
          id: app.id,
          name: app.name,
          referrers: {
            nodes: (instancesOf.get(app.id) ?? []).map((instance) => ({
              id: instance.id,
              name: instance.name,
              children: {
                nodes: (workloadsOf.get(instance.id) ?? []).map(({ id, name }) => ({
                  id,
                  name,
                  events: {
                    nodes: (eventsOf.get(id) ?? []).map(({ type, reason, message }) => ({ type, reason, message })),
                  },
                })),
              },
            })),
          },
        })),
      },
    },
  };
});
