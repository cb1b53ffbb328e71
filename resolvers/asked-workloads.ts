import type { ResourceColumn, ResourceRow } from '../db/read/resource-row.js';
import type { Json, JsonObject } from '../lib/canonical.js';
import { BadInputError, NotFoundError } from '../lib/errors.js';
import { namespaceComponent } from '../model/expand/namespace.js';
import { checkId } from './checks.js';
import type { GraphContext } from './context.js';
import type { PartSentence } from './group-sentences.js';
import { checkReach } from './permissions.js';
import { type ProbeQuestion, ProbeUnavailableError } from './probes.js';

/** What a question about an AppInstance or a Workload is asked about. */
export interface Asked {
  readonly resource: AskedResource;
  /** Itself, or all that it owns, by their names. */
  readonly workloads: readonly AskedWorkload[];
}

export interface AskedResource {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly spec: JsonObject;
}

/** One part of the question: its controller is asked apart from the others'. */
export interface AskedWorkload {
  readonly id: string;
  /** What people call it. */
  readonly component: string;
  readonly leaseKey: string | null;
}

/** Throws BadInputError for what is no id and for other kinds, NotFoundError. */
export async function askedWorkloads(id: string, { reads, actor }: GraphContext): Promise<Asked> {
  const [row] = await reads.resourcesByIds([checkId(id, ['id'])], columns);
  if (!row) throw new NotFoundError(`There is no resource ${id}.`, { path: ['id'] });
  checkReach(actor, row);
  const resource = { id: row.id, kind: row.kind, name: row.name ?? '', spec: row.spec ?? {} };
  if (row.kind === 'Workload') return { resource, workloads: [toWorkload(row)] };
  if (row.kind !== 'AppInstance') {
    throw new BadInputError(
      `${row.kind} ${resource.name} has no objects in a cluster to ask about. Ask about an AppInstance or a Workload.`,
      { path: ['id'] },
    );
  }
  const filter = { ownerId: row.id, kinds: ['Workload'] };
  const { rows } = await reads.listResources(filter, { first: MAX_WORKLOADS, after: null, order: 'NAME' }, columns);
  return { resource, workloads: rows.map(toWorkload) };
}

/** What the workload is now; null when it is gone. */
export async function askedAgain(id: string, { reads }: GraphContext): Promise<AskedWorkload | null> {
  const [row] = await reads.resourcesByIds([id], columns);
  return row ? toWorkload(row) : null;
}

/** Whether it may have pods: the one that holds the namespaces has none. */
export function mayHavePods({ component }: AskedWorkload): boolean {
  return component !== namespaceComponent;
}

/** A question about a workload. */
export function questionTo(
  workload: AskedWorkload,
  question: string,
  input: Json,
  { signal }: GraphContext,
): ProbeQuestion {
  return { resourceId: workload.id, kind: 'Workload', leaseKey: workload.leaseKey, question, input, signal };
}

/**
 * Asks all at the same time, so that who does not answer costs the others nothing. Gives what was not answered, or not to
 * its end, with the reason.
 */
export async function askAll(
  workloads: readonly AskedWorkload[],
  ask: (workload: AskedWorkload) => Promise<void>,
): Promise<readonly PartSentence[]> {
  const unanswered: PartSentence[] = [];
  await Promise.all(
    workloads.map(async (workload) => {
      try {
        await ask(workload);
      } catch (error) {
        if (!(error instanceof ProbeUnavailableError)) throw error;
        unanswered.push({ component: workload.component, sentence: error.message });
      }
    }),
  );
  return unanswered;
}

const columns: ReadonlySet<ResourceColumn> = new Set<ResourceColumn>(['name', 'projectId', 'spec', 'leaseKey']);

/** An app has at most 100 components, and the namespace. */
const MAX_WORKLOADS = 500;

function toWorkload({ id, name = '', spec, leaseKey = null }: ResourceRow): AskedWorkload {
  return { id, component: typeof spec?.component === 'string' ? spec.component : name, leaseKey };
}
