import { type GraphQLFieldConfig, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { assert } from '../lib/assert.js';

export interface LiveFieldsOptions {
  /** Names of query fields that get none. */
  readonly except: readonly string[];
  /** Known to be, so that nobody checks it again. */
  readonly isValid: boolean;
}

/**
 * The same schema, with a subscription field for every query field but those of `except`: same name, arguments, type
 * and resolver, so that each answer of a live read has the shape of the query. Kinds that are added get theirs by themselves.
 *
 * The server executes them as a whole for each answer, with a context of its own (LiveReads), so their `subscribe`
 * is never called.
 */
export function addLiveFields(schema: GraphQLSchema, { except, isValid }: LiveFieldsOptions): GraphQLSchema {
  const config = schema.toConfig();
  const { query, subscription } = config;
  assert(query && subscription, 'The schema lacks its root types');
  const own = subscription.toConfig().fields;
  const live = Object.entries(query.toConfig().fields)
    .filter(([name]) => !except.includes(name) && !(name in own))
    .map(([name, field]) => [name, liveForm(field)] as const);
  const extended = new GraphQLObjectType({
    ...subscription.toConfig(),
    fields: { ...own, ...Object.fromEntries(live) },
  });
  return new GraphQLSchema({
    ...config,
    assumeValid: isValid,
    subscription: extended,
    types: config.types.filter((type) => type !== subscription),
  });
}

/** Whether a subscription field is the live form of a query. */
export function isLiveField(schema: GraphQLSchema, name: string): boolean {
  return schema.getSubscriptionType()?.getFields()[name]?.extensions[LIVE] === true;
}

const LIVE = 'portolanLive';

function liveForm(field: GraphQLFieldConfig<unknown, unknown>): GraphQLFieldConfig<unknown, unknown> {
  const again = 'Answers again whenever something in it changed.';
  return {
    ...field,
    description: field.description ? `${field.description} ${again}` : again,
    extensions: { ...field.extensions, [LIVE]: true },
    subscribe() {
      throw new Error('A live read is executed by LiveReads. This is a defect in Portolan; please report it.');
    },
  };
}
