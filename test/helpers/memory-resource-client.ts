import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import { type Clock, systemClock } from '../../lib/clock.js';
import { ConflictError } from '../../lib/errors.js';
import type { Condition } from '../../lib/health.js';
import type { IntentView, ObjectView, ResourceView, StatusReport } from '../../sdk/resource.js';
import type { ReleasedSecret, ResourceClient } from '../../sdk/resource-client.js';

/** The graph of one kind in memory, as far as a reconciler uses it, with the store's rules for status and inventory. */
export interface MemoryResourceClient<Spec> extends ResourceClient<Spec> {
  /** Sets desired state: a new generation unless it is equal. */
  put(resource: ResourceView<Spec>): void;
  requestDeletion(id: string): void;
  peek(id: string): ResourceView<Spec> | null;
  inventory(id: string): readonly ObjectView[];
  /** What releaseCredential answers, beside what was stored. */
  secrets: readonly ReleasedSecret[];
  /** Every intent that was begun, resolved ones included. */
  intents(id: string): readonly IntentView[];
  /** How many status reports changed something. */
  readonly statusWrites: number;
}

/** `clock`: of the ages of intents. */
export function createMemoryResourceClient<Spec = JsonObject>(
  kind: string,
  clock: Pick<Clock, 'now'> = systemClock,
): MemoryResourceClient<Spec> {
  const resources = new Map<string, ResourceView<Spec>>();
  const intents = new Map<string, Map<string, IntentView>>();
  const stored = new Map<string, Map<string, ReleasedSecret>>();
  const rows = new Map<string, Map<string, ObjectView>>();
  let statusWrites = 0;
  const rowsOf = (id: string) => {
    const known = rows.get(id) ?? new Map<string, ObjectView>();
    rows.set(id, known);
    return known;
  };
  const intentsOf = (id: string) => [...(intents.get(id)?.values() ?? [])];
  const open = (id: string) =>
    intentsOf(id)
      .filter(({ resolvedAt }) => resolvedAt === null)
      .map((intent) => ({ ...intent, ageMs: clock.now() - Date.parse(intent.begunAt) }));

  return {
    kind,
    secrets: [],
    get statusWrites() {
      return statusWrites;
    },
    put(resource) {
      const known = resources.get(resource.id);
      const isSame = known && isSameJson(known.spec, resource.spec);
      resources.set(resource.id, {
        ...resource,
        generation: known ? known.generation + (isSame ? 0 : 1) : resource.generation,
        status: known?.status ?? resource.status,
      });
    },
    requestDeletion(id) {
      const known = resources.get(id);
      if (!known || known.deletionRequestedAt !== null) return;
      resources.set(id, {
        ...known,
        generation: known.generation + 1,
        deletionRequestedAt: '2026-01-01T00:00:00.000Z',
      });
    },
    peek: (id) => resources.get(id) ?? null,
    intents: intentsOf,
    inventory: (id) => [...rowsOf(id).values()],
    async get(id) {
      const found = resources.get(id);
      return found ? { ...found, openIntents: open(id) } : null;
    },
    list: async (filter = {}) =>
      [...resources.values()].filter(({ ownerId }) => filter.ownerId === undefined || filter.ownerId === ownerId),
    children: async () => [],
    objects: async (id) => [...rowsOf(id).values()],
    dependents: async () => [],
    async reportStatus(resource, report) {
      const known = resources.get(resource.id);
      if (!known || known.generation !== resource.generation || known.status.version !== resource.status.version) {
        throw new ConflictError('The status was computed from an older state.');
      }
      const next = toStatus(known, report);
      const isChanged = !isSameJson({ ...known.status, version: 0 }, { ...next, version: 0 });
      if (isChanged) {
        statusWrites += 1;
        resources.set(known.id, { ...known, status: next });
      }
      return { statusVersion: isChanged ? next.version : known.status.version, isChanged };
    },
    async reportObjects({ id }, { runtimeId, objects, absent }) {
      const known = rowsOf(id);
      for (const row of objects) known.set(textOf(row), { ...row, runtimeId });
      for (const name of absent) known.delete(textOf(name));
      return { changed: objects.length + absent.length };
    },
    recordEvents: async () => {},
    recordAttempt: async () => {},
    async beginIntent(id, { action, token }) {
      const known = intents.get(id) ?? new Map<string, IntentView>();
      intents.set(id, known);
      const before = known.get(`${action} ${token}`);
      if (before?.resolvedAt === null) return before;
      const begunAt = new Date(clock.now()).toISOString();
      const made = {
        id: before?.id ?? `intent-${known.size + 1}`,
        action,
        token,
        begunAt,
        ageMs: 0,
        resolvedAt: null,
        outcome: null,
      };
      known.set(`${action} ${token}`, made);
      return made;
    },
    async resolveIntent(id, intentId, outcome) {
      const found = intentsOf(id).find((intent) => intent.id === intentId);
      if (!found) throw new Error(`There is no intent ${intentId}.`);
      const resolved = { ...found, resolvedAt: new Date(clock.now()).toISOString(), outcome };
      intents.get(id)?.set(`${found.action} ${found.token}`, resolved);
      return resolved;
    },
    async finalize({ id }) {
      if (rowsOf(id).size > 0) throw new ConflictError('It still owns objects.');
      resources.delete(id);
    },
    async storeSecret(id, { name, value }) {
      const known = stored.get(id) ?? new Map<string, ReleasedSecret>();
      stored.set(id, known);
      const before = known.get(name);
      const secret = { id: `secret-of-${id}-${name}`, version: (before?.version ?? 0) + 1, name, value };
      if (before?.value !== value) known.set(name, secret);
      const { id: secretId, version } = before?.value === value ? before : secret;
      return { $secret: { id: secretId, version } };
    },
    async releaseCredential(id) {
      return [...this.secrets, ...(stored.get(id)?.values() ?? [])];
    },
  };
}

function toStatus<Spec>(known: ResourceView<Spec>, report: StatusReport): ResourceView<Spec>['status'] {
  const since = '2026-01-01T00:00:00.000Z';
  return {
    observedGeneration: known.generation,
    version: known.status.version + 1,
    health: report.health,
    isSettled: report.health === 'Healthy',
    conditions: report.conditions.map((condition: Condition) => ({ ...condition, since })),
    outputs: Object.fromEntries(Object.entries(report.outputs).map(([name, value]) => [name, { value, version: 1 }])),
    observed: report.observed,
  };
}

function textOf({ group, kind, namespace, name }: Pick<ObjectView, 'group' | 'kind' | 'namespace' | 'name'>): string {
  return [group, kind, namespace, name].join('/');
}
