import type { Revision } from '../../../db/contract.js';
import type { JsonObject } from '../../../lib/canonical.js';
import type { KindRegistry } from '../../../lib/kind.js';
import { healthOf } from '../../../model/settled.js';
import { inOrder, type PastResource } from './past-resource.js';

/**
 * What the log says, from nothing: a plain model in memory that takes one revision after the other. It shares nothing
 * with the reads that it is compared with.
 */
export function createReplay(registry: KindRegistry): {
  take(revision: Revision): void;
  /** All that is there after what was taken, in that order. */
  resources(): readonly PastResource[];
} {
  const entries = new Map<string, Entry>();
  return {
    take(revision) {
      const { resourceId: id, op, at } = revision;
      const document = revision.document ?? {};
      const entry = entries.get(id);
      if (op === 'removed') entries.delete(id);
      if (op === 'created') entries.set(id, { made: at, changed: at, desired: revision, status: null, deletion: null });
      if (!entry) return;
      if (op === 'updated' || op === 'deletionRequested') {
        const deletion = op === 'deletionRequested' ? (entry.deletion ?? at) : entry.deletion;
        entries.set(id, { ...entry, changed: at, desired: revision, deletion });
      }
      if (op === 'status') {
        entries.set(id, { ...entry, status: { version: revision.statusVersion ?? 0, document } });
      }
    },
    resources: () => [...entries.values()].map((entry) => shown(entry, registry)).sort(inOrder),
  };
}

interface Entry {
  readonly made: string;
  readonly changed: string;
  /** The last of created, updated, deletionRequested. */
  readonly desired: Revision;
  readonly status: { readonly version: number; readonly document: JsonObject } | null;
  readonly deletion: string | null;
}

function shown({ made, changed, desired, status, deletion }: Entry, registry: KindRegistry): PastResource {
  const document = desired.document ?? {};
  const isDefined = registry.find(desired.kind)?.lease === null;
  const since = [{ type: 'Ready', status: 'True', reason: 'Defined', message: '', since: made }];
  const defined = { observedGeneration: desired.generation, health: 'Healthy', conditions: since, isStale: false };
  const told: JsonObject | null = isDefined ? defined : (status?.document ?? null);
  const health = healthOf({
    generation: desired.generation,
    isDeleting: deletion !== null,
    status: told as Parameters<typeof healthOf>[0]['status'],
  });
  return JSON.parse(
    JSON.stringify({
      id: desired.resourceId,
      kind: desired.kind,
      name: desired.name,
      projectId: desired.projectId,
      environmentId: desired.environmentId,
      ownerId: desired.ownerId,
      generation: desired.generation,
      version: desired.version,
      specVersion: document.specVersion,
      labels: document.labels,
      spec: document.spec,
      managers: document.managers,
      leaseKey: desired.leaseKey,
      createdAt: made,
      updatedAt: changed,
      deletionRequestedAt: deletion,
      isDeletionForced: document.isDeletionForced ?? false,
      isOnDemand: document.isOnDemand ?? false,
      observedGeneration: told?.observedGeneration ?? 0,
      statusVersion: isDefined ? 1 : (status?.version ?? 0),
      health,
      conditions: told?.conditions ?? [],
      outputs: told?.outputs ?? {},
      observed: told?.observed ?? {},
      references: document.references,
    }),
  );
}
