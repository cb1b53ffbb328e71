import { type DocumentNode, Kind } from 'graphql';
import { createChannel } from '../../lib/channel.js';
import type { Clock } from '../../lib/clock.js';
import type { ErrorCode } from '../../lib/errors.js';
import type { ControlledResourceFragment, WatchSubscription } from '../../sdk/generated/operations.js';
import type { GraphClient } from '../../sdk/graph-client.js';
import { GraphError, ServerUnreachableError } from '../../sdk/graph-error.js';

type Wake = WatchSubscription['watch'];
/** Whatever the operation at hand has; each reads its own. */
interface Variables {
  readonly id: string;
  readonly ids: readonly string[];
  readonly filter: never;
  readonly input: never;
}
interface Reports {
  readonly reports: readonly { readonly status?: never; readonly events?: never }[];
}
type Stored = { -readonly [Field in keyof ControlledResourceFragment]: ControlledResourceFragment[Field] };

/** A plane in memory, with the answers of a server as far as the runtime asks: resources, leases, fences, wakes, dependents. */
export class FakePlane {
  readonly resources = new Map<string, Stored>();
  readonly leases = new Map<string, { holder: string; epoch: number; expiresMs: number }>();
  /** Keys that another process is to have. */
  readonly claimed = new Set<string>();
  readonly events: { resourceId: string; reason: string; message: string }[] = [];
  readonly attempts = new Map<string, { count: number; lastError: string; nextRetryAt: string | null }>();
  readonly calls = new Map<string, number>();
  /** While true, no request is answered. */
  isAway = false;
  /** While true, no wake but SYNC is sent. */
  dropsWakes = false;
  readonly #clock: Clock;
  readonly #watchers = new Set<(wake: Wake) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Every process has one of its own. */
  client(): GraphClient {
    return {
      execute: async <Result>(document: DocumentNode | string, variables: object) =>
        this.#answer(nameOf(document), variables as Variables) as Result,
      subscribe: <Result>(_document: DocumentNode | string, _variables: object, options?: { signal?: AbortSignal }) => {
        const channel = createChannel<Result>({ limit: 1_000, onClose: () => this.#watchers.delete(send) });
        const send = (watch: Wake) => channel.push({ watch } as Result);
        this.#watchers.add(send);
        options?.signal?.addEventListener('abort', () => channel.end(), { once: true });
        send(sync);
        return channel;
      },
      onStatus: () => () => {},
      close: async () => {},
    };
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** As after a reconnect. */
  sync(): void {
    for (const send of this.#watchers) send(sync);
  }

  put(resource: Partial<Stored> & { readonly id: string }): void {
    const before = this.resources.get(resource.id);
    this.resources.set(resource.id, { ...(before ?? blank), name: resource.id, ...resource });
    this.#wake(resource.id);
  }

  /** Of what nobody reported of. */
  blankStatus(): Stored['status'] {
    return blank.status;
  }

  /** A new spec. */
  edit(id: string, document: unknown): void {
    const resource = this.#get(id);
    this.put({ id, document, generation: resource.generation + 1, version: resource.version + 1 });
  }

  requestDeletion(id: string): void {
    const { generation } = this.#get(id);
    this.put({ id, deletionRequestedAt: '2026-01-01T00:00:00.000Z', generation: generation + 1 });
  }

  /** As when another resource made its status stale. */
  wakeForStatus(id: string, statusVersion: number, sameHealth: Wake['sameHealth'] = null): void {
    this.#wake(id, { statusVersion, sameHealth });
  }

  count(operation: string): number {
    return this.calls.get(operation) ?? 0;
  }

  #answer(operation: string, { input, id, ids, filter }: Variables): unknown {
    if (this.isAway) throw new ServerUnreachableError('http://plane', new Error('connect ECONNREFUSED'));
    this.calls.set(operation, this.count(operation) + 1);
    switch (operation) {
      case 'RegisterController':
        return { registerController: input };
      case 'AcquireLeases':
        return { acquireLeases: { leases: this.#acquire(input), claimed: this.claimed.size } };
      case 'RenewLeases':
        return { renewLeases: { leases: this.#renew(input) } };
      case 'ReleaseLeases':
        return { releaseLeases: { leases: this.#release(input) } };
      case 'ListResourceKeys':
        return { resources: { nodes: this.#list(filter), pageInfo: { hasNextPage: false, endCursor: null } } };
      case 'ReadControlledResources':
        return { resources: { nodes: ids.flatMap((each) => this.#view(each) ?? []) } };
      case 'ListDependents':
        return { node: { children: { nodes: [] }, referrers: { nodes: this.#referrers(id) } } };
      case 'Report':
        return { report: { answers: (input as Reports).reports.map((report) => this.#report(report)) } };
      case 'Finalize':
        return { finalize: this.#finalize(input) };
      case 'RecordAttempt':
        return { recordAttempt: this.#recordAttempt(input) };
      default:
        throw new Error(`The fake plane does not know ${operation}`);
    }
  }

  #get(id: string): Stored {
    const resource = this.resources.get(id);
    if (!resource) throw refuse('NOT_FOUND', `There is no ${id}`);
    return resource;
  }

  #view(id: string): Stored | null {
    const resource = this.resources.get(id);
    if (!resource) return null;
    const references = resource.references.map(({ path, target }) => ({ path, target: this.#get(target.id) }));
    return { ...resource, references, dependents: this.#referrers(id).length };
  }

  #list(filter: { kinds: readonly string[] }): readonly unknown[] {
    return [...this.resources.values()]
      .filter((resource) => filter.kinds.includes(resource.kind))
      .map((resource) => ({ ...resource, attempt: this.attempts.get(resource.id) ?? null }));
  }

  #referrers(id: string): readonly Stored[] {
    return [...this.resources.values()].filter((it) => it.references.some(({ target }) => target.id === id));
  }

  #acquire({ holder, keys, ttlMs }: { holder: string; keys: readonly string[]; ttlMs: number }) {
    for (const key of keys) {
      const lease = this.leases.get(key);
      const isLive = lease !== undefined && lease.expiresMs > this.#clock.now();
      if (isLive ? lease.holder !== holder : this.claimed.has(key)) continue;
      const epoch = isLive ? lease.epoch : (lease?.epoch ?? 0) + 1;
      this.leases.set(key, { holder, epoch, expiresMs: this.#clock.now() + ttlMs });
    }
    return this.#heldBy(holder);
  }

  #renew({ holder, ttlMs }: { holder: string; ttlMs: number }) {
    for (const lease of this.leases.values()) {
      if (lease.holder === holder && lease.expiresMs > this.#clock.now()) lease.expiresMs = this.#clock.now() + ttlMs;
    }
    return this.#heldBy(holder);
  }

  #release({ holder, keys }: { holder: string; keys: readonly string[] }) {
    for (const key of keys) {
      const lease = this.leases.get(key);
      if (lease?.holder === holder) lease.expiresMs = 0;
    }
    return this.#heldBy(holder);
  }

  #heldBy(holder: string) {
    return [...this.leases]
      .filter(([, lease]) => lease.holder === holder && lease.expiresMs > this.#clock.now())
      .map(([key, { epoch, expiresMs }]) => ({
        key,
        epoch,
        ttlMs: expiresMs - this.#clock.now(),
        isClaimed: this.claimed.has(key),
      }));
  }

  #checkFence(input: { resourceId: string; fence: { holder: string; epoch: number } }): Stored {
    const resource = this.#get(input.resourceId);
    const lease = this.leases.get(resource.leaseKey ?? '');
    const isHeld = lease?.holder === input.fence.holder && lease.epoch === input.fence.epoch;
    if (!isHeld || lease.expiresMs <= this.#clock.now()) throw refuse('CONFLICT', 'The lease is not the current one');
    return resource;
  }

  #report({ status, events }: Reports['reports'][number]): unknown {
    try {
      if (status) {
        this.calls.set('ReportStatus', this.count('ReportStatus') + 1);
        return { ...this.#reportStatus(status), refusal: null };
      }
      if (events) this.#recordEvents(events);
      return { refusal: null };
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      return { refusal: { code: error.code, message: error.message, details: error.details } };
    }
  }

  #reportStatus(input: {
    resourceId: string;
    fence: { holder: string; epoch: number };
    observedGeneration: number;
    statusVersion: number;
    health: Stored['status']['health'];
    conditions: Stored['status']['conditions'];
    outputs: Record<string, unknown>;
    observed: unknown;
  }) {
    const resource = this.#checkFence(input);
    if (input.observedGeneration !== resource.generation) throw refuse('CONFLICT', 'An older generation');
    if (input.statusVersion !== resource.status.version) throw refuse('CONFLICT', 'An older status version');
    const statusVersion = resource.status.version + 1;
    const conditions = input.conditions.map((condition) => ({ ...condition, since: '2026-01-01T00:00:00.000Z' }));
    const ready = conditions.find((condition) => condition.type === 'Ready');
    const status = {
      ...resource.status,
      observedGeneration: input.observedGeneration,
      version: statusVersion,
      health: input.health,
      isSettled: ready?.status === 'True',
      conditions,
      outputs: Object.entries(input.outputs).map(([name, value]) => ({
        name,
        value,
        version: statusVersion,
        isVanished: false,
      })),
      observed: input.observed,
    };
    this.resources.set(resource.id, { ...resource, status });
    const sameHealth = resource.status.health === status.health ? status.health : null;
    this.#wake(resource.id, { statusVersion, sameHealth });
    return { statusVersion, isChanged: true };
  }

  #finalize(input: { resourceId: string; fence: { holder: string; epoch: number }; generation: number }) {
    const resource = this.#checkFence(input);
    if (input.generation !== resource.generation) throw refuse('CONFLICT', 'An older generation');
    if (this.#referrers(resource.id).length > 0) throw refuse('BLOCKED', 'Something refers to it');
    this.#wake(resource.id, { isRemoved: true });
    this.resources.delete(resource.id);
    return { resourceId: resource.id };
  }

  #recordEvents(input: {
    resourceId: string;
    fence: { holder: string; epoch: number };
    events: readonly { reason: string; message: string }[];
  }) {
    this.#checkFence(input);
    for (const { reason, message } of input.events) {
      this.events.push({ resourceId: input.resourceId, reason, message });
    }
    return { recorded: input.events.length };
  }

  #recordAttempt(input: {
    resourceId: string;
    fence: { holder: string; epoch: number };
    count: number;
    lastError: string;
    nextRetryAt: string | null;
  }) {
    this.#checkFence(input);
    if (input.count === 0) this.attempts.delete(input.resourceId);
    else this.attempts.set(input.resourceId, input);
    return { count: input.count };
  }

  #wake(id: string, what: Pick<Partial<Wake>, 'isRemoved' | 'statusVersion' | 'sameHealth'> = {}): void {
    if (this.dropsWakes) return;
    const { kind, projectId, ownerId, leaseKey } = this.#get(id);
    const place = { kind, id, projectId, ownerId, leaseKey };
    for (const send of this.#watchers)
      send({ type: 'CHANGED', ...place, isRemoved: false, statusVersion: null, sameHealth: null, ...what });
  }
}

/** Lets everything run that waits for nothing but promises. */
export async function flush(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A reference to another resource, to be given to put(). Its status is read when it is asked for. */
export function refersTo(id: string): Stored['references'][number] {
  const { name, kind, status } = blank;
  return { path: id, target: { id, kind, name, status } };
}

const sync: Wake = {
  type: 'SYNC',
  kind: null,
  id: null,
  projectId: null,
  ownerId: null,
  leaseKey: null,
  isRemoved: null,
  statusVersion: null,
  sameHealth: null,
};

const blank: Stored = {
  id: '',
  kind: 'Thing',
  name: '',
  projectId: 'project',
  environmentId: null,
  ownerId: null,
  labels: {},
  generation: 1,
  version: 1,
  document: {},
  leaseKey: 'shard/1',
  deletionRequestedAt: null,
  isDeletionForced: false,
  dependents: 0,
  openIntents: [],
  status: {
    observedGeneration: 0,
    version: 0,
    health: 'Unknown',
    isSettled: false,
    reason: null,
    message: '',
    since: null,
    conditions: [],
    outputs: [],
    observed: {},
  },
  references: [],
};

function refuse(code: ErrorCode, message: string): GraphError {
  return new GraphError(code, message);
}

function nameOf(document: DocumentNode | string): string {
  if (typeof document === 'string') return document;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) return definition.name?.value ?? '';
  }
  return '';
}
