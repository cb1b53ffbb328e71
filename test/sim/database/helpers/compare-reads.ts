import type { ExecutionContext } from 'ava';
import type { ResourceFilter } from '../../../../db/read/filters.js';
import type { Page } from '../../../../db/read/page.js';
import type { ReadModels } from '../../../../db/read/read-models.js';
import { resourceColumns } from '../../../../db/read/resource-row.js';
import type { WhyGraph } from '../../../../model/why/why-graph.js';
import { comparable } from './comparable.js';
import type { Sides } from './sides.js';

const columns = new Set(resourceColumns);

/** All that is simulated of the reads must answer as over Postgres: of every resource, with every filter, page by page. */
export async function compareReads(t: ExecutionContext, { postgres, simulated, world }: Sides, about: string) {
  const resources = world.rows('resource');
  const ids = resources.map(({ id }) => id);
  const page = { first: 3, after: null };
  const owner = resources.find(({ kind }) => kind === 'AppInstance');
  const filters: readonly ResourceFilter[] = [
    {},
    { kinds: ['App', 'AppInstance'] },
    { environment: 'env-0', project: 'default' },
    { health: ['Healthy'], isDeleting: false },
    { labels: { team: 'team-0' }, nameContains: '0' },
    { spec: { provider: 'sandbox' }, project: 'default' },
    ...(owner ? [{ ownerId: owner.id }] : []),
  ];
  const reads: Readonly<Record<string, (models: ReadModels) => Promise<unknown>>> = {
    incarnation: (models) => models.incarnation(),
    findResource: (models) =>
      Promise.all(
        resources.map(({ kind, name, ownerId }) => {
          const of = ownerId === null ? {} : { ownerId };
          return models.findResource({ kind, name, environment: 'env-0', ...of }, columns).catch((error) => error);
        }),
      ),
    resourcesByIds: async (models) => (await models.resourcesByIds(ids, columns)).toSorted(byId),
    ...Object.fromEntries(
      filters.flatMap((filter) => [
        [`list ${JSON.stringify(filter)}`, (models: ReadModels) => listed(models, filter)],
        [`count ${JSON.stringify(filter)}`, (models: ReadModels) => models.countResources(filter)],
        [`count by health ${JSON.stringify(filter)}`, (models: ReadModels) => models.countResourcesByHealth(filter)],
      ]),
    ),
    children: (models) => models.relatives('children', ids, page, columns),
    referrers: (models) => models.relatives('referrers', ids, page, columns),
    countChildren: (models) => models.countRelatives('children', ids),
    countReferrersByHealth: (models) => models.countRelativesByHealth('referrers', ids),
    references: (models) => models.references(ids),
    dependents: (models) => models.dependents(ids),
    reached: async (models) =>
      Promise.all(ids.slice(0, 5).map(async (id) => (await models.reached(id, 1000)).toSorted())),
    objects: (models) => models.objects(ids, page),
    countObjects: (models) => models.countObjects(ids),
    countObjectsByHealth: (models) => models.countObjectsByHealth(ids),
    listObjects: (models) => models.listObjects({ project: 'default', isDrifted: true }, page),
    countListedObjects: (models) => models.countListedObjects({ health: ['Healthy', 'Degraded'] }),
    events: (models) => models.eventsOf(ids, { first: 100, after: null }),
    countEvents: (models) => models.countEventsOf(ids),
    listEvents: (models) => models.countEvents({ type: 'Warning', isOfCluster: true, environment: 'env-0' }),
    revisions: (models) => models.revisionsOf(ids, page),
    countRevisions: (models) => models.countRevisionsOf(ids),
    attempts: (models) => models.attempts(ids),
    openIntents: (models) => models.openIntents(ids),
    releases: (models) => models.releases(ids, page),
    deployments: (models) => models.deployments(ids, page),
    why: (models) => Promise.all(ids.map(async (id) => whyOf(await models.whyGraph(id)))),
    ...Object.fromEntries(
      momentsOf(world.rows('revision')).map((seq) => [`as of ${seq}`, (models: ReadModels) => asOf(models, seq)]),
    ),
    leaseHolder: (models) => Promise.all(world.rows('lease').map(({ key }) => models.leaseHolder(key))),
  };
  for (const [name, read] of Object.entries(reads)) {
    const [there, here] = await Promise.all([read(postgres.reads), read(simulated.reads)]);
    t.deepEqual(withoutExtras(comparable(here)), withoutExtras(comparable(there)), `${about}: ${name}`);
  }
}

/** Some, from the first to the last. */
function momentsOf(log: readonly { readonly seq: bigint }[]): readonly bigint[] {
  const seqs = [...new Set(log.map(({ seq }) => seq))].sort((a, b) => Number(a - b));
  return seqs.filter((_, index) => index % Math.ceil(seqs.length / 6) === 0 || index === seqs.length - 1);
}

/** All that can be read of a moment. */
async function asOf(models: ReadModels, seq: bigint): Promise<unknown> {
  const moment = await models.findMoment({ type: 'cursor', cursor: `${await models.incarnation()}:${seq}` });
  if (!moment) return null;
  const past = models.at(moment);
  const resources = (await listed(past, {})) as readonly { readonly id: string }[];
  const ids = resources.map(({ id }) => id);
  const page = { first: 3, after: null };
  return {
    seq: moment.seq,
    resources,
    references: await past.references(ids),
    counts: await past.countResourcesByHealth({}),
    dependents: await past.dependents(ids),
    children: await past.relatives('children', ids, page, columns),
    revisions: await past.revisionsOf(ids, page),
    attempts: await past.attempts(ids),
    objects: await past.countObjects(ids),
  };
}

/** Breadth first has no order among those that are equally far, and what is left of a lease is a matter of time. */
function whyOf(graph: WhyGraph | null): unknown {
  if (!graph) return null;
  const { resources, validForMs, ...rest } = graph;
  const timeless = resources.map((resource) => ({ ...resource, validForMs: null, changedAt: null }));
  return { ...rest, resources: timeless.toSorted(byId), isLimited: validForMs !== null };
}

/** All pages. */
async function listed(models: ReadModels, filter: ResourceFilter): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page<object> = await models.listResources(filter, { first: 4, after, order: 'NAME' }, columns);
    rows.push(...page.rows);
    const last = page.rows.at(-1);
    if (!page.hasNextPage || !last) return rows;
    after = page.cursorOf(last as never);
  }
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);

/** Rows of Postgres bring along what their cursor and their group are made of. */
function withoutExtras(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtras);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'seq' && key !== 'parentId');
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutExtras(item)]));
}
