import { buildSchema, type GraphQLSchema } from 'graphql';
import type { Actor, Commit, Feed, Revision } from '../../db/contract.js';
import { createChannel } from '../../lib/channel.js';
import { type Clock, systemClock } from '../../lib/clock.js';
import { type Log, silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { addLiveFields } from '../../resolvers/live-fields.js';
import type { Authenticate } from '../../server/bearer.js';
import { type GraphServer, openGraphServer } from '../../server/graph-server.js';
import type { ReadinessCheck } from '../../server/health.js';
import { defaultLimits, type Limits } from '../../server/limits.js';

/** A graph of counters behind the real server, so that the shell can be tested without a database. */
export interface StubServer extends GraphServer {
  readonly token: string;
  readonly graph: StubGraph;
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export async function openStubServer(
  options: {
    readonly limits?: Partial<Limits>;
    readonly port?: number;
    readonly allowedOrigins?: readonly string[];
    readonly allowedHosts?: readonly string[];
    readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
    readonly log?: Log;
    readonly clock?: Clock;
    readonly authenticate?: Authenticate;
  } = {},
): Promise<StubServer> {
  const graph = createStubGraph();
  const token = 'stub-token';
  const tester: Actor = { principalId: systemRandom.uuid(), name: 'tester', role: 'operator' };
  const server = await openGraphServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    allowedHosts: options.allowedHosts ?? [],
    allowedOrigins: options.allowedOrigins ?? [],
    limits: { ...defaultLimits, ...options.limits },
    schema: graph.schema,
    feed: graph.feed,
    authenticate: options.authenticate ?? (async (given) => (given === token ? tester : null)),
    createContext:
      () =>
      (actor, { readSet, signal }) => ({ actor, readSet, signal }),
    readiness: options.readiness ?? {},
    clock: options.clock ?? systemClock,
    random: systemRandom,
    log: options.log ?? silentLog,
  });
  const post: StubServer['post'] = (body, headers = {}) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { ...server, token, graph, post };
}

export interface StubGraph {
  readonly schema: GraphQLSchema;
  readonly feed: Feed;
  /** Sets a counter and commits that. */
  set(id: string, value: number): void;
  /** How often the counter was read. */
  reads(): number;
  /** Lets queries of `held` answer. */
  release(): void;
  /** How many queries of `held` wait. */
  held(): number;
}

interface StubInput {
  readonly id: string;
  readonly value: number;
  readonly secret: string;
  readonly characters: number;
}

interface StubContext {
  readonly actor: Actor;
  readonly readSet?: { ids(ids: readonly string[]): void };
}

function createStubGraph(): StubGraph {
  const counters = new Map<string, number>();
  const listeners = new Set<(commit: Commit) => void>();
  let waiting: (() => void)[] = [];
  let reads = 0;
  let seq = 0n;
  const ticks = new Set<object>();
  const base = buildSchema(`
    type Query { counter(id: ID!): Counter! held: Int! fails(secret: String): Int takes(input: Input!): Int self: Query }
    type Counter { id: ID! value: Int! self: Counter! padding(characters: Int!): String! readBy: String! }
    input Input { size: Int! word: String choice: Choice }
    enum Choice { one two }
    type Mutation { setCounter(id: ID!, value: Int!, padding: String): Counter! }
    type Subscription { ticks: Int! }
  `);
  const counter = (id: string): object => ({
    id,
    value: counters.get(id) ?? 0,
    self: () => counter(id),
  });
  const set = (id: string, value: number) => {
    counters.set(id, value);
    seq++;
    const revision = { resourceId: id, ownerId: null, seq, ordinal: 0, op: 'updated' } as Partial<Revision> as Revision;
    for (const listener of listeners) listener({ cursor: `stub:${seq}`, revisions: [revision] });
  };
  const resolvers: Record<
    string,
    Record<string, (source: unknown, input: StubInput, context: StubContext) => unknown>
  > = {
    Query: {
      counter: (_source, { id }, context) => {
        reads++;
        context.readSet?.ids([id]);
        return counter(id);
      },
      held: () => new Promise((resolve) => waiting.push(() => resolve(1))),
      fails: (_source, { secret }) => {
        throw new Error(`a defect near ${secret}`);
      },
      takes: () => 1,
      self: () => ({}),
    },
    Mutation: {
      setCounter: (_source, { id, value }) => {
        set(id, value);
        return counter(id);
      },
    },
    Counter: {
      padding: (_source, { characters }) => 'x'.repeat(characters),
      readBy: (_source, _input, { actor }) => actor.role,
    },
    Subscription: { ticks: (value) => value },
  };
  for (const [type, fields] of Object.entries(resolvers)) {
    for (const [name, resolve] of Object.entries(fields)) {
      const field = (base.getType(type) as ReturnType<typeof base.getQueryType>)?.getFields()[name];
      if (field) field.resolve = resolve as never;
    }
  }
  const ticksField = base.getSubscriptionType()?.getFields().ticks;
  if (ticksField) {
    ticksField.subscribe = () => {
      const key = {};
      ticks.add(key);
      const channel = createChannel<number>({ limit: 10, onClose: () => ticks.delete(key) });
      channel.push(1);
      return channel;
    };
  }
  const unused = () => Promise.reject(new Error('not used by the stub'));
  const feed: Feed = {
    head: async () => `stub:${seq}`,
    watch: () => createChannel({ limit: 1 }),
    changes: () => createChannel({ limit: 1 }),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check: unused,
    wake() {},
    stats: () => ({ watchers: ticks.size, readers: 0, listeners: listeners.size, seq }),
    close: async () => {},
  };
  return {
    schema: addLiveFields(base, { except: ['held', 'fails', 'takes', 'self'], isValid: false }),
    feed,
    set,
    reads: () => reads,
    release() {
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    held: () => waiting.length,
  };
}
