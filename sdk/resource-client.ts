import type { JsonObject } from '../lib/canonical.js';
import type { SecretReference } from '../lib/kind.js';
import type { Sdk } from './client.js';
import { createGather } from './gather.js';
import type { ReadControlledResourcesQuery } from './generated/operations.js';
import { allPages } from './pages.js';
import { reportsOf, type TakenReport } from './reports.js';
import type { ChildView, EventReport, IntentView, ObjectView, ResourceView, StatusReport } from './resource.js';
import { toChildView, toIntentView, toResourceView } from './resource-view.js';

type ReadResource = ReadControlledResourcesQuery['resources']['nodes'][number];

export interface ResourceClientOptions {
  /** Each `get` brings what it owns outside. */
  readonly withObjects?: boolean;
  /** Each `get` brings what it owns in the graph. */
  readonly withChildren?: boolean;
  /** Each `get` brings its open intents. Default true; kinds that begin none leave them out. */
  readonly withIntents?: boolean;
}

/** The client of one kind over the generated SDK. Opens nothing. `Spec` is SpecOf<typeof kind>. */
export function createResourceClient<Spec = JsonObject>(
  sdk: Sdk,
  kind: string,
  { withObjects = false, withChildren = false, withIntents = true }: ResourceClientOptions = {},
): ResourceClient<Spec> {
  const send = reportsOf(sdk);
  const reader = (withDependents: boolean) =>
    createGather<string, ReadResource | null>({
      // What begins while one is read is read together with the next.
      atATime: 1,
      async request(ids) {
        const wanted = [...new Set(ids)];
        const parts = { withObjects, withChildren, withIntents, withDependents };
        const { resources } = await sdk.ReadControlledResources({ ids: wanted, first: wanted.length, ...parts });
        const found = new Map(resources.nodes.map((node) => [node.id, node]));
        return ids.map((id) => found.get(id) ?? null);
      },
    });
  const read = reader(false);
  // To count who depends on it costs as much as all the rest, and only what is leaving needs it.
  const readLeaving = reader(true);
  return {
    kind,

    async get(id, { signal } = {}) {
      const found = await read(id, signal);
      const isLeaving = found && found.deletionRequestedAt !== null;
      const node = isLeaving ? await readLeaving(id, signal) : found;
      if (!node) return null;
      if (node.kind !== kind) {
        throw new Error(`The resource ${id} was asked for as ${kind}, but it is of kind ${node.kind}`);
      }
      return {
        ...toResourceView<Spec>(node),
        // The text that was asked by: who keeps it for long shares it with whoever knows the resource.
        id,
        // JSON values come as unknown.
        ...(isWhole(node.objects) && { objects: node.objects.nodes as readonly ObjectView[] }),
        ...(isWhole(node.children) && { children: node.children.nodes.map(toChildView) }),
      };
    },

    async list(filter = {}, options) {
      const found = await allPages(async (after) => {
        const answer = await sdk.ListControlledResources({ filter: { ...filter, kinds: [kind] }, after }, options);
        return answer.resources;
      });
      return found.map((node) => toResourceView<Spec>(node));
    },

    async objects(id, options) {
      const found = await allPages(async (after) => {
        const { node } = await sdk.ListObjects({ id, after }, options);
        return node && 'objects' in node ? node.objects : null;
      });
      // JSON values come as unknown.
      return found as readonly ObjectView[];
    },

    async children(id, options) {
      const found = await allPages(async (after) => {
        const { node } = await sdk.ListChildren({ id, after }, options);
        return node && 'children' in node ? node.children : null;
      });
      return found.map(toChildView);
    },

    async dependents(id, options) {
      const { node } = await sdk.ListDependents({ id }, options);
      if (!node || !('children' in node)) return [];
      const owners = [node.owner, node.owner?.owner].filter((owner) => owner && owner.deletionRequestedAt !== null);
      const ofOwners = owners.flatMap((owner) =>
        (owner?.referrers.nodes ?? []).filter(({ ownerId }) => ownerId !== owner?.id),
      );
      const all = [...node.children.nodes, ...node.referrers.nodes, ...ofOwners];
      return all.map(({ status, ownerId: _, ...dependent }) => {
        const blocked = status.conditions.find(({ reason }) => reason === 'DeleteBlocked');
        return { ...dependent, blocked: blocked?.message ?? null };
      });
    },

    async reportStatus(resource, report, call) {
      const input = {
        ...named(resource.id, call),
        observedGeneration: resource.generation,
        statusVersion: resource.status.version,
        health: report.health,
        conditions: report.conditions,
        outputs: report.outputs,
        observed: report.observed,
        consumed: Object.entries(report.consumed ?? {}).map(([resourceId, version]) => ({ resourceId, version })),
      };
      const { statusVersion, isChanged } = await send({ status: input }, call.signal);
      return { statusVersion: statusVersion ?? resource.status.version, isChanged: isChanged === true };
    },

    async reportObjects(resource, { runtimeId, objects, absent }, call) {
      let changed = 0;
      for (let from = 0; from < Math.max(objects.length, absent.length); from += OBJECTS_PER_REPORT) {
        const input = {
          ...named(resource.id, call),
          // By the next part the pass may have told its status.
          ...(from === 0 && { statusVersion: resource.status.version }),
          runtimeId,
          objects: objects.slice(from, from + OBJECTS_PER_REPORT).map(toObjectInput),
          absent: absent
            .slice(from, from + OBJECTS_PER_REPORT)
            .map(({ group, kind: objectKind, namespace, name }) => ({ group, kind: objectKind, namespace, name })),
        };
        changed += (await send({ objects: input }, call.signal)).changed ?? 0;
      }
      return { changed };
    },

    async recordEvents(id, source, events, call) {
      if (events.length === 0) return;
      await send({ events: { ...named(id, call), source, events } }, call.signal);
    },

    async recordAttempt(id, attempt, call) {
      await sdk.RecordAttempt({ input: { ...named(id, call), ...attempt } }, signalOf(call));
    },

    async beginIntent(id, intent, call) {
      return intentOf(await send({ beginIntent: { ...named(id, call), ...intent } }, call.signal));
    },

    async resolveIntent(id, intentId, outcome, call) {
      const input = { ...named(id, call), id: intentId, outcome };
      return intentOf(await send({ resolveIntent: input }, call.signal));
    },

    async finalize(resource, call) {
      await sdk.Finalize({ input: { ...named(resource.id, call), generation: resource.generation } }, signalOf(call));
    },

    async storeSecret(id, secret, call) {
      const { storeSecret } = await sdk.StoreSecret({ input: { ...named(id, call), ...secret } }, signalOf(call));
      return { $secret: { id: storeSecret.id, version: storeSecret.version } };
    },

    async releaseCredential(id, call) {
      return (await sdk.ReleaseCredential({ input: named(id, call) }, signalOf(call))).releaseCredential.secrets;
    },
  };
}

/** Keeps a report of a large workload below the server's limit on request bodies. */
const OBJECTS_PER_REPORT = 200;

/** A connection that was asked for and has no more pages. */
function isWhole<Found extends { readonly pageInfo: { readonly hasNextPage: boolean } }>(
  found: Found | undefined,
): found is Found {
  return found?.pageInfo.hasNextPage === false;
}

function named(resourceId: string, { lease }: FencedCall) {
  return { resourceId, fence: { holder: lease.holder, epoch: lease.epoch } };
}

function intentOf({ intent }: TakenReport): IntentView {
  if (intent) return toIntentView(intent);
  throw new Error('The server took an intent and did not say which. Report this as a defect.');
}

function signalOf({ signal }: FencedCall): ReadOptions {
  return signal ? { signal } : {};
}

/** Field by field: an input refuses unknown ones, and an observed object may carry more. */
function toObjectInput(object: Omit<ObjectView, 'runtimeId'>) {
  const { group, version, kind, namespace, name, state, origin, uid, appliedHash, health, reason, message, drift } =
    object;
  return { group, version, kind, namespace, name, state, origin, uid, appliedHash, health, reason, message, drift };
}

/** What a controller may ask and say about resources of one kind. Errors are those of GraphClient.execute. */
export interface ResourceClient<Spec = JsonObject> {
  readonly kind: string;

  /** null: it does not exist (any more). */
  get(id: string, options?: ReadOptions): Promise<ResourceView<Spec> | null>;
  /** All that match, page by page inside. A failed page fails the list: never a partial one. */
  list(filter?: ListFilter, options?: ReadOptions): Promise<readonly ResourceView<Spec>[]>;
  /** All outside objects that it owns or is about to own, page by page inside. */
  objects(id: string, options?: ReadOptions): Promise<readonly ObjectView[]>;
  /** Everything that it owns, of any kind. */
  children(id: string, options?: ReadOptions): Promise<readonly ChildView[]>;
  /** The first 50 of those that refer to it and of those that it owns. */
  dependents(id: string, options?: ReadOptions): Promise<readonly DependentView[]>;

  /** CONFLICT when the generation, the status version or the lease is not the current one. Equal: nothing is written. */
  reportStatus(resource: ResourceView<Spec>, report: StatusReport, call: FencedCall): Promise<ReportedStatus>;
  /**
   * Upserts `objects` and forgets `absent`, which is only what was observed to be absent. In batches inside; idempotent.
   * Like a status, it is about the resource as the pass got it: CONFLICT when its status is a newer one by now.
   */
  reportObjects(
    resource: Pick<ResourceView<Spec>, 'id' | 'status'>,
    report: ObjectsReport,
    call: FencedCall,
  ): Promise<{ readonly changed: number }>;
  recordEvents(id: string, source: string, events: readonly EventReport[], call: FencedCall): Promise<void>;
  /** `count` 0 clears. */
  recordAttempt(id: string, attempt: AttemptReport, call: FencedCall): Promise<void>;
  /** Committed before an outside call. Begun again it keeps its age, unless it was resolved: then it begins anew. */
  beginIntent(id: string, intent: { action: string; token: string }, call: FencedCall): Promise<IntentView>;
  resolveIntent(id: string, intentId: string, outcome: JsonObject, call: FencedCall): Promise<IntentView>;
  /** Removes a resource that is being deleted. CONFLICT or BLOCKED while it has objects or dependents. */
  finalize(resource: ResourceView<Spec>, call: FencedCall): Promise<void>;
  /**
   * Keeps a secret that a controller made, as the next version of `name`; to renew one of the spec, name its path:
   * `cluster/token`; for one that is an output, `outputs/NAME`. The answer may stand in a status; the value may not.
   */
  storeSecret(id: string, secret: { name: string; value: string }, call: FencedCall): Promise<SecretReference>;
  /**
   * Plaintext of every SecretReference in the spec of `id`, whose lease `call` must hold, in its definition, in its
   * outputs and in those of what it refers to. A secret of its own comes in its newest version, which may be above the one
   * that the spec names. Never log, cache or report it.
   */
  releaseCredential(id: string, call: FencedCall): Promise<readonly ReleasedSecret[]>;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/** The right in whose name something is said. A ReconcileContext is one. */
export interface FencedCall {
  readonly lease: { readonly holder: string; readonly epoch: number };
  readonly signal?: AbortSignal;
}

/** Left out: any. */
export interface ListFilter {
  readonly names?: readonly string[];
  /** A name. */
  readonly project?: string;
  /** A name. */
  readonly environment?: string;
  readonly ownerId?: string;
  readonly isDeleting?: boolean;
}

export interface DependentView {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** What keeps it from being deleted until somebody acts, in words; null when nothing is known to. */
  readonly blocked: string | null;
}

export interface ReportedStatus {
  readonly statusVersion: number;
  readonly isChanged: boolean;
}

export interface ObjectsReport {
  readonly runtimeId: string;
  readonly objects: readonly Omit<ObjectView, 'runtimeId'>[];
  readonly absent: readonly Pick<ObjectView, 'group' | 'kind' | 'namespace' | 'name'>[];
}

export interface AttemptReport {
  readonly count: number;
  readonly lastError: string;
  /** ISO 8601. null: not tried again until something changes. */
  readonly nextRetryAt: string | null;
}

export interface ReleasedSecret {
  readonly id: string;
  readonly version: number;
  /** Its path in the spec, or under what name it was stored; null for what belongs to another resource. */
  readonly name: string | null;
  readonly value: string;
}
