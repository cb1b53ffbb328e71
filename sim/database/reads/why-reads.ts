import type { ReadModels } from '../../../db/read/read-models.js';
import { healths } from '../../../lib/health.js';
import type { KindRegistry } from '../../../lib/kind.js';
import type { WhyController, WhyResource } from '../../../model/why/why-graph.js';
import type { SimulatedConnection } from '../connection.js';
import type { ReferenceRow, ResourceRow, ResourceStatusRow } from '../rows.js';
import type { Run } from '../run.js';
import { iso, isoOrNull } from '../values.js';
import { healthShown } from './resource-read.js';

type TimedResource = WhyResource & { readonly validForMs: number | null };

/** As db/read/why-reads.ts: which resources, and then all about them in several looks, between which something may happen. */
export function createWhyReads(database: SimulatedConnection, registry: KindRegistry): Pick<ReadModels, 'whyGraph'> {
  return {
    async whyGraph(rootId) {
      const walked = await database.read('why.walk', (run) => walk(run, rootId, registry));
      if (walked.length === 0) return null;
      const ids = walked.map(({ id }) => id);
      const ill = walked.flatMap(({ id, isCalm }) => (isCalm ? [] : [id]));
      const [resources, references, objects, events, operations] = await Promise.all([
        database.read('why.resources', (run) =>
          run.rows(run.tables.resource.primary, ids).map((row) => told(run, row)),
        ),
        database.read('why.references', (run) => referencesAmong(run, new Set(ids))),
        database.read('why.objects', (run) => ill.flatMap((id) => objectsOf(run, id))),
        database.read('why.events', (run) => newestFirst(ill.flatMap((id) => warningsOf(run, id)))),
        database.read('why.operations', (run) => oldestFirst(ill.flatMap((id) => operationsOf(run, id)))),
      ]);
      if (!resources.some(({ id }) => id === rootId)) return null;
      const times = resources.flatMap(({ health, validForMs }) => (health === 'Healthy' ? [] : (validForMs ?? [])));
      const validForMs = times.length === 0 ? null : Math.min(...times) + SLACK_MS;
      return { rootId, resources, references, objects, events, operations, validForMs, isCut: false };
    },
  };
}

const SLACK_MS = 500;
/** Of one resource. */
const MOST = 20;

interface Walked {
  readonly id: string;
  readonly isCalm: boolean;
}

function walk(run: Run, rootId: string, registry: KindRegistry): readonly Walked[] {
  const { resource } = run.tables;
  const root = run.one(resource.primary, rootId);
  if (!root || !registry.find(root.kind)) return [];
  const found = new Map<string, Walked & { readonly row: ResourceRow }>();
  const add = (row: ResourceRow, isCalm: boolean) => {
    const key = `${row.id} ${isCalm}`;
    if (registry.find(row.kind) && !found.has(key)) found.set(key, { id: row.id, isCalm, row });
  };
  add(root, isCalm(run, root));
  for (const row of placedIn(run, root)) add(row, false);
  for (const { row: at, isCalm: isWell } of found.values()) {
    if (isWell) continue;
    const children = run.rows(resource.byOwner, [at.id]);
    const isGoing = at.deletionRequestedAt !== null;
    for (const row of isGoing
      ? referrersOf(run, at.id)
      : targetsOf(run, run.rows(run.tables.reference.byFrom, [at.id])))
      add(row, isCalm(run, row));
    const bound = isGoing
      ? []
      : targetsOf(
          run,
          children.flatMap((child) => bindingsOf(run, child.id)),
        );
    for (const row of children) if (isGoing || !isCalm(run, row)) add(row, isCalm(run, row));
    for (const row of bound) if (!isCalm(run, row)) add(row, false);
  }
  return [...found.values()];
}

/** What must go before a place that is being deleted does. */
function placedIn(run: Run, { id, kind, deletionRequestedAt }: ResourceRow): readonly ResourceRow[] {
  if (deletionRequestedAt === null || (kind !== 'Project' && kind !== 'Environment')) return [];
  const { byProject, byEnvironment } = run.tables.resource;
  return run.rows(kind === 'Project' ? byProject : byEnvironment, [id]).filter(({ ownerId }) => ownerId === null);
}

function isCalm(run: Run, row: ResourceRow): boolean {
  const status = run.one(run.tables.resourceStatus.primary, row.id);
  return healthShown(run, row) === 'Healthy' && (status?.conditions ?? []).every((each) => each.status === 'True');
}

const targetsOf = (run: Run, references: readonly ReferenceRow[]) =>
  references.flatMap(({ toId }) => run.one(run.tables.resource.primary, toId) ?? []);
const referrersOf = (run: Run, id: string) =>
  run.rows(run.tables.reference.byTo, [id]).flatMap(({ fromId }) => run.one(run.tables.resource.primary, fromId) ?? []);
const bindingsOf = (run: Run, id: string) =>
  run.rows(run.tables.reference.byFrom, [id]).filter(({ path }) => path.startsWith('bindings.'));

function told(run: Run, row: ResourceRow): TimedResource {
  const { tables } = run;
  const status = run.one(tables.resourceStatus.primary, row.id);
  const attempt = run.one(tables.attempt.primary, row.id);
  const failed = attempt && attempt.count > 0 ? attempt : null;
  const lease = row.leaseKey === null ? null : run.one(tables.lease.primary, row.leaseKey);
  const ends = [failed?.nextRetryAt ?? 0, lease?.expiresAt ?? 0].filter((ms) => ms > run.clockMs);
  return {
    ...{ id: row.id, kind: row.kind, name: row.name },
    project: run.one(tables.resource.primary, row.projectId ?? '')?.name ?? null,
    environment: run.one(tables.resource.primary, row.environmentId ?? '')?.name ?? null,
    ...{ projectId: row.projectId, environmentId: row.environmentId, ownerId: row.ownerId },
    generation: row.generation,
    observedGeneration: status?.observedGeneration ?? 0,
    health: healthShown(run, row),
    deletionRequestedAt: isoOrNull(row.deletionRequestedAt),
    changedAt: iso(row.updatedAt),
    conditions: status?.conditions ?? [],
    consumed: status?.consumed ?? {},
    ...outputsOf(status),
    attempt: failed && { count: failed.count, lastError: failed.lastError, nextRetryAt: isoOrNull(failed.nextRetryAt) },
    controller: controllerOf(run, row),
    validForMs: ends.length === 0 ? null : Math.ceil(Math.min(...ends) - run.clockMs),
  };
}

function outputsOf(status: ResourceStatusRow | null): Pick<WhyResource, 'newestOutput' | 'vanished'> {
  const outputs = Object.entries(status?.outputs ?? {});
  return {
    newestOutput: Math.max(0, ...outputs.map(([, { version }]) => version)),
    vanished: outputs.flatMap(([name, { isVanished }]) => (isVanished ? [name] : [])).sort(),
  };
}

function controllerOf(run: Run, { kind, leaseKey }: ResourceRow): WhyController {
  if (leaseKey === null) return { type: 'none' };
  const { lease: leases, controller } = run.tables;
  const lease = run.one(leases.primary, leaseKey);
  const acts = ({ kinds }: { readonly kinds: readonly string[] }) => kinds.includes(kind);
  const holder = lease && lease.expiresAt > run.clockMs ? run.one(controller.primary, lease.holder ?? '') : null;
  if (holder && acts(holder)) return { type: 'acting' };
  return { type: 'absent', isRegistered: run.all(controller).some(acts), since: isoOrNull(lease?.expiresAt ?? null) };
}

function referencesAmong(run: Run, ids: ReadonlySet<string>): readonly ReferenceRow[] {
  const own = [...ids].flatMap((id) => run.rows(run.tables.reference.byFrom, [id]));
  const ofChildren = [...ids].flatMap((ownerId) =>
    run
      .rows(run.tables.resource.byOwner, [ownerId])
      .flatMap((child) => bindingsOf(run, child.id).map((row) => ({ ...row, fromId: ownerId }))),
  );
  const all = [...own, ...ofChildren].filter(({ toId }) => ids.has(toId));
  const distinct = new Map(all.map(({ fromId, path, toId }) => [`${fromId} ${path} ${toId}`, { fromId, path, toId }]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function objectsOf(run: Run, resourceId: string) {
  return run
    .rows(run.tables.object.byResource, [resourceId])
    .filter(({ health }) => health !== 'Healthy')
    .map((row) => ({ row, key: [badness(row.health), row.apiGroup, row.kind, row.namespace, row.name].join('\0') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, MOST)
    .map(({ row: { kind, namespace, name, health, reason, message, since } }) => {
      return { resourceId, kind, namespace, name, health, reason, message, since: iso(since) };
    });
}

/** The worst first. */
const badness = (health: (typeof healths)[number]) => healths.length - healths.indexOf(health);

function warningsOf(run: Run, resourceId: string) {
  return run
    .rows(run.tables.event.byResource, [resourceId])
    .filter(({ type }) => type === 'Warning')
    .sort((a, b) => b.lastAt - a.lastAt || Number(b.id - a.id))
    .slice(0, MOST)
    .map(({ object, ownerObject, reason, message, lastAt }) => {
      return { resourceId, object: ownerObject ?? object, reason, message, lastAt: iso(lastAt) };
    });
}

function operationsOf(run: Run, resourceId: string) {
  return run
    .rows(run.tables.intent.byResource, [resourceId])
    .filter(({ resolvedAt }) => resolvedAt === null)
    .map(({ action, begunAt }) => ({ resourceId, action, begunAt: iso(begunAt) }));
}

const newestFirst = <Row extends { readonly lastAt: string }>(rows: readonly Row[]) =>
  rows.toSorted((a, b) => (a.lastAt > b.lastAt ? -1 : 1));
const oldestFirst = <Row extends { readonly begunAt: string }>(rows: readonly Row[]) =>
  rows.toSorted((a, b) => (a.begunAt < b.begunAt ? -1 : 1));
