import {
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import type { Actor } from '../../db/contract.js';
import type { Queryable } from '../../db/database.js';
import { createReadModels } from '../../db/read/create-read-models.js';
import type { ReadSetRecorder } from '../../db/read/read-set.js';
import { createTokens } from '../../db/tokens.js';
import { systemClock } from '../../lib/clock.js';
import type { KindRegistry } from '../../lib/kind.js';
import { systemRandom } from '../../lib/random.js';
import { buildGraph } from '../../resolvers/build-graph.js';
import type { GraphContext } from '../../resolvers/context.js';
import { createLoaders } from '../../resolvers/loaders.js';
import type { Probes } from '../../resolvers/probes.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { createCompile } from '../../server/compile.js';
import { defaultLimits } from '../../server/limits.js';
import { createProbeBroker } from '../../server/probe-broker.js';
import type { TestPlane } from './plane.js';

/** The graph over a plane, without a server between. Every document runs interpreted and, if it only reads, compiled too. */
export interface TestGraph {
  readonly schema: GraphQLSchema;
  /** What resolvers get, for what run() does not do. */
  context(options?: RunOptions): GraphContext;
  /** Throws when the document is not valid, or when the two ways of running it give different answers. */
  run<Data = Record<string, unknown>>(document: string, options?: RunOptions): Promise<GraphAnswer<Data>>;
  /** The data. Throws when there is an error. */
  data<Data = Record<string, unknown>>(document: string, options?: RunOptions): Promise<Data>;
  /** Texts of the reads that `work` sent to the database. */
  statementsOf(work: () => Promise<unknown>): Promise<readonly string[]>;
}

export interface GraphAnswer<Data> {
  readonly data: Data | null;
  readonly errors: readonly { readonly message: string; readonly original: unknown }[];
}

export interface RunOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The operator, if left out. */
  readonly actor?: Actor;
  readonly readSet?: ReadSetRecorder;
  /** Left out: nobody answers. */
  readonly probes?: Probes;
}

export function createTestGraph(plane: TestPlane, registry: KindRegistry = builtInKinds): TestGraph {
  const schema = buildGraph({ registry });
  const compile = createCompile(schema);
  let sent: string[] = [];
  const counted: Queryable = {
    query(statement, values) {
      sent.push(statement.text);
      return plane.database.query(statement, values);
    },
  };
  const reads = createReadModels({ database: counted, registry });
  const nobody = createProbeBroker({
    findHolder: (key) => reads.leaseHolder(key),
    limits: defaultLimits,
    clock: systemClock,
    random: systemRandom,
  });
  const contextOf = (options: RunOptions): GraphContext => ({
    actor: options.actor ?? plane.operator,
    store: plane.store,
    reads,
    feed: plane.feed,
    registry,
    probes: options.probes ?? nobody,
    clock: systemClock,
    tokens: createTokens({ database: plane.database, random: systemRandom }),
    about: { version: '0.0.0-test', schemaVersion: 'test' },
    loaders: createLoaders(),
    ...(options.readSet ? { readSet: options.readSet } : {}),
  });

  const run = async <Data>(text: string, options: RunOptions = {}): Promise<GraphAnswer<Data>> => {
    const document = parse(text);
    const [mistake] = validate(schema, document);
    if (mistake) throw mistake;
    const variableValues = { ...options.variables };
    const contextValue = contextOf(options);
    const answer = answerOf<Data>(await execute({ schema, document, variableValues, contextValue }));
    if (!text.includes('mutation')) {
      const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      const compiled = compile(document, operation as OperationDefinitionNode);
      // What is too large stays interpreted in the server as well.
      if (!compiled) return answer;
      const again = answerOf<Data>(await compiled.query({}, contextOf(options), variableValues));
      const [one, other] = [answer, again].map(({ data, errors }) =>
        JSON.stringify([data, errors.map(({ message }) => message)]),
      );
      if (one !== other) throw new Error(`Interpreted and compiled answers differ:\n${one}\n${other}`);
    }
    return answer;
  };

  return {
    schema,
    context: (options = {}) => contextOf(options),
    run,
    async data<Data>(text: string, options?: RunOptions) {
      const { data, errors } = await run<Data>(text, options);
      if (errors[0] || !data) throw errors[0]?.original ?? new Error(errors[0]?.message ?? 'No data.');
      return data;
    },
    async statementsOf(work) {
      sent = [];
      await work();
      return sent;
    },
  };
}

function answerOf<Data>({ data, errors }: ExecutionResult): GraphAnswer<Data> {
  return {
    data: (data ?? null) as Data | null,
    errors: (errors ?? []).map((error) => ({ message: error.message, original: error.originalError ?? error })),
  };
}
