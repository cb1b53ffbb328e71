/** The part of the graph that is measured, as a schema by hand. */
export const typeDefs = `
  scalar JSON
  interface Node { id: ID! }
  type Spec { app: String! release: Int parameters: JSON }
  type Status { health: String! observedGeneration: Int! }
  type AppInstance implements Node {
    id: ID! name: String! generation: Int! version: Int! labels: JSON! createdAt: String! spec: Spec! status: Status!
  }
  type Event { type: String! reason: String! message: String! }
  type EventConnection { nodes: [Event!]! }
  type Resource { id: ID! name: String! children(first: Int!): ResourceConnection! events(first: Int!): EventConnection! }
  type ResourceConnection { nodes: [Resource!]! }
  type App { id: ID! name: String! referrers(first: Int!): ResourceConnection! }
  type AppConnection { nodes: [App!]! }
  type Query { node(id: ID!): Node apps(first: Int!): AppConnection! }
`;

export interface Named {
  readonly id: string;
  readonly name: string;
}

export const instanceText = `select r.id, r.name, r.generation, r.version, r.labels, r.created_at as "createdAt", r.spec,
  coalesce(s.observed_generation, 0) as "observedGeneration",
  resource_health(r.generation, r.deletion_requested_at, s.observed_generation, s.health, s.is_stale) as health
  from resource r left join resource_status s on s.resource_id = r.id where r.id = $1`;

export const appsText = `select id, name from resource where kind = 'App' order by name, id limit $1`;

/** Of many parents ($1), so many of each ($2). */
export const referrersText = `select p.id as "parentId", x.id, x.name from unnest($1::uuid[]) p (id) cross join lateral (
  select r.id, r.name from resource r where r.id in (select f.from_id from reference f where f.to_id = p.id)
  order by r.name, r.id limit $2) x order by p.id, x.name, x.id`;
export const childrenText = `select p.id as "parentId", x.id, x.name from unnest($1::uuid[]) p (id) cross join lateral (
  select r.id, r.name from resource r where r.owner_id = p.id order by r.name, r.id limit $2) x order by p.id, x.name, x.id`;
export const eventsText = `select p.id as "parentId", x.type, x.reason, x.message from unnest($1::uuid[]) p (id) cross join lateral (
  select e.id, e.type, e.reason, e.message, e.last_at from event e where e.resource_id = p.id
  order by e.last_at desc, e.id desc limit $2) x order by p.id, x.last_at desc, x.id desc`;
