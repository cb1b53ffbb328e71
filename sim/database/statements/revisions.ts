import type { Value } from '../../../db/statement.js';
import type { JsonObject } from '../../../lib/canonical.js';
import { healthOf } from '../../../model/settled.js';
import type { Forms } from '../form.js';
import type { RevisionRow } from '../rows.js';
import type { Run } from '../run.js';
import { bigint, integer, json, optionalText, text, type Values } from '../values.js';

export const REVISION_SEQUENCE = 'revision_seq';

type Given = Omit<RevisionRow, 'seq' | 'at'> & { readonly generationBefore: number };

export const revisionForms: Forms = {
  'revisions.append': (run, [rows, keyBase]) => {
    const given = json<Given[]>(rows).map((row) => ({ ...row, ...shown(run, row), document: completed(run, row) }));
    return append(run, given, bigint(keyBase));
  },

  'revisions.append-complete': (run, [rows, keyBase]) => append(run, json<Given[]>(rows), bigint(keyBase)),

  'revisions.append-one': (run, values) => {
    const given = oneOf(values);
    const status = run.one(run.tables.resourceStatus.primary, given.resourceId);
    const withHealth = (side: Given['after'], generation: number) =>
      side &&
      Object.freeze({ ...side, health: healthOf({ generation, isDeleting: side.isDeleting === true, status }) });
    const before = withHealth(given.before, given.generationBefore);
    const after = withHealth(given.after, given.generation);
    return append(run, [{ ...given, before, after }], bigint(values[0]));
  },
};

async function append(run: Run, given: readonly Omit<Given, 'generationBefore'>[], keyBase: bigint) {
  const { engine } = run;
  // Between reading the newest number, the lock, the number and the rows others may take theirs: the tail's bound must
  // stand all of that.
  const key = keyBase + engine.lastValue(REVISION_SEQUENCE);
  await run.step(`has read the newest number, ${key - keyBase}`);
  await run.lockAdvisory([key], 'share');
  await run.step('takes its number');
  const seq = engine.nextValue(REVISION_SEQUENCE);
  await run.step(`writes revisions ${seq}`);
  for (const row of given) await run.insert(run.tables.revision, toRow(row, seq, run.nowMs));
  return given.map(() => ({ seq }));
}

/** Values beside each other: the base of the key comes first. */
function oneOf(values: Values): Given {
  const [, changesetId, resourceId, kind, projectId, environmentId, ownerId, name, leaseKey, op] = values;
  const [generation, version, actor, manager, before, after, document, generationBefore] = values.slice(10);
  const parsed = <Part>(value: Value | undefined) => (value == null ? null : json<Part>(value));
  return {
    ordinal: 0,
    changesetId: optionalText(changesetId),
    resourceId: text(resourceId),
    kind: text(kind),
    projectId: optionalText(projectId),
    environmentId: optionalText(environmentId),
    ownerId: optionalText(ownerId),
    name: text(name),
    leaseKey: optionalText(leaseKey),
    op: text(op) as Given['op'],
    generation: integer(generation),
    version: integer(version),
    statusVersion: null,
    actor: text(actor),
    manager: optionalText(manager),
    before: parsed(before),
    after: parsed(after),
    document: parsed(document),
    generationBefore: integer(generationBefore),
  };
}

const COMPLETED = new Set(['created', 'updated', 'deletionRequested']);

/** What of desired state only the tables say. Of a resource that is not there the document is null, as `||` has it. */
function completed(run: Run, { op, document, resourceId }: Given): JsonObject | null {
  if (!COMPLETED.has(op)) return document ?? null;
  const resource = run.one(run.tables.resource.primary, resourceId);
  if (!resource || !document) return null;
  const references = run
    .rows(run.tables.reference.byFrom, [resourceId])
    .map(({ path, toId }) => ({ path, toId }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const onDemand = resource.onDemand ? { isOnDemand: true, isKept: resource.onDemandKeep } : {};
  return Object.freeze({ ...document, specVersion: resource.specVersion, references, ...onDemand });
}

/** The health that the tables say, before and after. */
function shown(run: Run, given: Given): Pick<Given, 'before' | 'after'> {
  const { op, resourceId, before, after, generationBefore } = given;
  const resource = run.one(run.tables.resource.primary, resourceId);
  if (op === 'status' || op === 'removed' || !resource) return { before: before ?? null, after: after ?? null };
  const status = run.one(run.tables.resourceStatus.primary, resourceId);
  const isDeletingAfter = resource.deletionRequestedAt !== null;
  const isDeletingBefore = isDeletingAfter && before?.isDeleting === true;
  const healthIn = (generation: number, isDeleting: boolean) => healthOf({ generation, isDeleting, status });
  return {
    before: before && Object.freeze({ ...before, health: healthIn(generationBefore, isDeletingBefore) }),
    after: after && Object.freeze({ ...after, health: healthIn(resource.generation, isDeletingAfter) }),
  };
}

function toRow(given: Omit<Given, 'generationBefore'>, seq: bigint, at: number): RevisionRow {
  return {
    seq,
    at,
    ordinal: given.ordinal,
    changesetId: given.changesetId ?? null,
    resourceId: given.resourceId,
    kind: given.kind,
    projectId: given.projectId ?? null,
    environmentId: given.environmentId ?? null,
    ownerId: given.ownerId ?? null,
    name: given.name,
    leaseKey: given.leaseKey ?? null,
    op: given.op,
    generation: given.generation,
    version: given.version,
    statusVersion: given.statusVersion ?? null,
    actor: given.actor,
    manager: given.manager ?? null,
    before: given.before ?? null,
    after: given.after ?? null,
    document: given.document ?? null,
  };
}
