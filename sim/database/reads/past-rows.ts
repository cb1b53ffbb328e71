import type { JsonObject } from '../../../lib/canonical.js';
import type { KindRegistry } from '../../../lib/kind.js';
import type { Moment } from '../../../lib/moment.js';
import { planeScopeId } from '../../../model/resource.js';
import type {
  AppDeploymentRow,
  PlaneRow,
  ReferenceRow,
  ReleaseRow,
  ResourceRow,
  ResourceStatusRow,
  RevisionRow,
} from '../rows.js';
import type { Run } from '../run.js';
import { iso } from '../values.js';

/** Rows of tables as they were at a moment, as db/read/past-source.ts reads them out of the log. */
export interface PastRows {
  readonly plane: readonly PlaneRow[];
  readonly resource: readonly ResourceRow[];
  readonly resourceStatus: readonly ResourceStatusRow[];
  readonly reference: readonly ReferenceRow[];
  readonly revision: readonly RevisionRow[];
  readonly release: readonly ReleaseRow[];
  readonly appDeployment: readonly AppDeploymentRow[];
}

export function pastRows(now: Run, { seq, at }: Moment, registry: KindRegistry): PastRows {
  const { tables } = now;
  const revision = now
    .all(tables.revision)
    .filter((row) => row.seq <= seq)
    .sort((a, b) => Number(a.seq - b.seq) || a.ordinal - b.ordinal);
  const byResource = Map.groupBy(revision, ({ resourceId }) => resourceId);
  const there = [...byResource.values()].flatMap((log) => resourceOf(log) ?? []);
  return {
    plane: now.all(tables.plane),
    revision,
    resource: there.map(({ row }) => row),
    reference: there.flatMap(({ row, document }) =>
      ((document.references ?? []) as unknown as readonly Omit<ReferenceRow, 'fromId'>[]).map(({ path, toId }) => ({
        ...{ fromId: row.id, path, toId },
      })),
    ),
    resourceStatus: there.flatMap(({ row }) => statusOf(row, byResource.get(row.id) ?? [], registry) ?? []),
    release: now.all(tables.release).filter(({ createdAt }) => iso(createdAt) <= at),
    appDeployment: now.all(tables.appDeployment).filter(({ createdAt }) => iso(createdAt) <= at),
  };
}

const DESIRED: ReadonlySet<string> = new Set(['created', 'updated', 'deletionRequested', 'removed']);

function resourceOf(log: readonly RevisionRow[]): { readonly row: ResourceRow; readonly document: JsonObject } | null {
  const created = log.find(({ op }) => op === 'created');
  const newest = log.findLast(({ op }) => DESIRED.has(op));
  if (!created || !newest || newest.op === 'removed') return null;
  const { resourceId: id, kind, projectId, environmentId, ownerId, name } = created;
  const document = newest.document ?? {};
  const isDeleting = newest.after?.isDeleting === true;
  const row = {
    ...{ id, kind, projectId, environmentId, ownerId, name },
    scopeId: ownerId ?? environmentId ?? projectId ?? planeScopeId,
    ...{ generation: newest.generation, version: newest.version, leaseKey: newest.leaseKey },
    specVersion: Number(document.specVersion ?? 1),
    ...{ labels: document.labels, spec: document.spec, managers: document.managers },
    ...{ yielded: {}, setIn: {} },
    deletionRequestedAt: isDeleting ? (log.find(({ op }) => op === 'deletionRequested')?.at ?? null) : null,
    ...{ createdAt: created.at, updatedAt: newest.at },
    deletionForced: document.isDeletionForced === true,
    onDemand: document.isOnDemand === true,
    onDemandKeep: false,
  };
  return { row: row as unknown as ResourceRow, document };
}

/** What nothing reconciles is settled as soon as it is stored, and the log has no status of it. */
function statusOf(row: ResourceRow, log: readonly RevisionRow[], registry: KindRegistry): ResourceStatusRow | null {
  if (registry.find(row.kind)?.lease === null) {
    const ready = { type: 'Ready', status: 'True', reason: 'Defined', message: '', since: iso(row.createdAt) };
    return toStatus(row.id, row.updatedAt, 1, {
      observedGeneration: row.generation,
      health: 'Healthy',
      conditions: [ready],
      outputs: {},
      observed: {},
      isStale: false,
    });
  }
  const reported = log.findLast(({ op }) => op === 'status');
  return reported ? toStatus(row.id, reported.at, reported.statusVersion ?? 0, reported.document ?? {}) : null;
}

function toStatus(resourceId: string, updatedAt: number, version: number, document: JsonObject): ResourceStatusRow {
  const { observedGeneration, health, conditions, outputs, observed, isStale } = document;
  const row = { observedGeneration, health, conditions, outputs, observed, isStale };
  return { ...row, resourceId, version, consumed: {}, updatedAt } as unknown as ResourceStatusRow;
}
