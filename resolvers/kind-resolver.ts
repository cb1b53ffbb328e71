import type { GraphQLResolveInfo } from 'graphql';
import { Arg, type ClassType, Ctx, ID, Info, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { ResourceOrder } from '../db/read/filters.js';
import { assert } from '../lib/assert.js';
import type { JsonObject } from '../lib/canonical.js';
import { ConflictError } from '../lib/errors.js';
import type { KindDefinition } from '../lib/kind.js';
import type { AskedMoment } from '../lib/moment.js';
import { camelCase } from '../lib/names.js';
import type { EditOp } from '../model/changeset.js';
import { ApplyPayload } from '../schema/apply.js';
import { namedClass } from '../schema/connection.js';
import type { DerivedKind } from '../schema/derive/derive-kind.js';
import { specFromInput } from '../schema/derive/spec-from-input.js';
import { ResourceOrderEnum } from '../schema/enums.js';
import type { ResourceFilter } from '../schema/filters.js';
import { MomentScalar } from '../schema/moment.js';
import { address } from './address.js';
import type { GraphContext } from './context.js';
import { changesetOf, editOf } from './edit.js';
import { resourceFilter } from './filter.js';
import { atAsked } from './moment.js';
import { ofOnlyEdit, withPaths } from './repath.js';
import { resourceColumnsOf } from './resource-columns.js';
import { DEFAULT_PAGE_SIZE, findResource, listResources } from './resource-reads.js';
import { resourceView } from './resource-view.js';
import { selectionOf } from './selection.js';
import { writtenRow } from './written-row.js';

/** Typed queries and mutations of one kind: sugar over the generic reads and over a changeset of one edit. */
export function kindResolver(derived: DerivedKind): ClassType {
  const known = resolvers.get(derived) ?? make(derived);
  resolvers.set(derived, known);
  return known;
}

/** Metadata of type-graphql is global to the process, so each is made once. */
const resolvers = new WeakMap<DerivedKind, ClassType>();

function make(derived: DerivedKind): ClassType {
  const resolver = namedClass(`${derived.kind.name}Resolver`);
  Resolver()(resolver);
  defineOne(resolver, derived);
  defineList(resolver, derived);
  for (const verb of ['create', 'update', 'delete'] as const) defineMutation(resolver, derived, verb);
  return resolver;
}

interface OneArguments {
  readonly name: string;
  readonly project?: string | null;
  readonly environment?: string | null;
  readonly ownerId?: string | null;
}

function defineOne(resolver: ClassType, { kind, type }: DerivedKind): void {
  const names = addressArguments[kind.scope];
  const field = camelCase(kind.name);
  define(resolver, field, async (...values: unknown[]) => {
    const given = Object.fromEntries(['name', ...names].map((name, index) => [name, values[index]]));
    const [asOf, context, info] = values.slice(-3) as [AskedMoment | null, GraphContext, GraphQLResolveInfo];
    const { name, project, environment, ownerId } = given as unknown as OneArguments;
    return findResource(
      address({ kind: kind.name, name, project, environment, ownerId }, context.registry),
      await atAsked(asOf, context),
      info,
    );
  });
  Query(() => type, { nullable: true, description: kind.docs })(resolver.prototype, field, {});
  Arg('name', () => String)(resolver.prototype, field, 0);
  names.forEach((name, index) => {
    const options = name === 'project' ? { nullable: true, description: 'Left out: default.' } : {};
    Arg(name, () => (name === 'ownerId' ? ID : String), options)(resolver.prototype, field, index + 1);
  });
  Arg('asOf', () => MomentScalar, { nullable: true })(resolver.prototype, field, names.length + 1);
  Ctx()(resolver.prototype, field, names.length + 2);
  Info()(resolver.prototype, field, names.length + 3);
}

/** Beside the name. */
const addressArguments: Readonly<Record<KindDefinition['scope'], readonly (keyof OneArguments)[]>> = {
  plane: [],
  project: ['project'],
  environment: ['environment', 'project'],
  owner: ['ownerId'],
};

function defineList(resolver: ClassType, { kind, connection, filter }: DerivedKind): void {
  const field = camelCase(kind.plural);
  define(
    resolver,
    field,
    async (
      given: (ResourceFilter & { readonly spec?: JsonObject | null }) | null,
      first: number | null,
      after: string | null,
      orderBy: ResourceOrder | null,
      asOf: AskedMoment | null,
      context: GraphContext,
      info: GraphQLResolveInfo,
    ) =>
      listResources(
        { ...resourceFilter(given, context.registry), kinds: [kind.name] },
        { first, after, orderBy },
        await atAsked(asOf, context),
        info,
      ),
  );
  const { prototype } = resolver;
  Query(() => connection)(prototype, field, {});
  Arg('filter', () => filter, { nullable: true })(prototype, field, 0);
  Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE })(prototype, field, 1);
  Arg('after', () => String, { nullable: true })(prototype, field, 2);
  Arg('orderBy', () => ResourceOrderEnum, { nullable: true, defaultValue: 'NAME' })(prototype, field, 3);
  Arg('asOf', () => MomentScalar, { nullable: true })(prototype, field, 4);
  Ctx()(prototype, field, 5);
  Info()(prototype, field, 6);
}

interface MutationInput {
  readonly name: string;
  readonly project?: string | null;
  readonly environment?: string | null;
  readonly labels?: unknown;
  readonly spec?: unknown;
  readonly expectedVersion?: number | null;
  readonly manager?: string | null;
  readonly takeOver?: boolean | null;
  readonly idempotencyKey?: string | null;
}

function defineMutation(
  resolver: ClassType,
  derived: DerivedKind,
  verb: EditOp & ('create' | 'update' | 'delete'),
): void {
  const { kind, type } = derived;
  const inputType = derived[verb];
  if (!inputType) return;
  const field = `${verb}${kind.name}`;
  const commit = (input: MutationInput, context: GraphContext) => {
    const spec = input.spec === undefined || input.spec === null ? {} : { spec: specFromInput(kind, input.spec) };
    const edit = editOf({ ...input, ...spec, op: verb, kind: kind.name }, context.registry, []);
    return withPaths(ofOnlyEdit, context.store.commit(changesetOf([edit], input, context), context.actor));
  };
  define<[MutationInput, GraphContext, GraphQLResolveInfo]>(
    resolver,
    field,
    verb === 'delete'
      ? commit
      : async (input: MutationInput, context: GraphContext, info: GraphQLResolveInfo) => {
          const committed = await commit(input, context);
          const [applied] = committed.edits;
          assert(applied, `${field} answered without what it changed`);
          const columns = resourceColumnsOf(selectionOf(info));
          const row =
            writtenRow(committed, applied.resourceId, columns) ??
            (await context.reads.resourcesByIds([applied.resourceId], columns))[0];
          if (!row) throw new ConflictError(`${kind.name} ${input.name} was written, and deleted by somebody since.`);
          return resourceView(row, context);
        },
  );
  Mutation(() => (verb === 'delete' ? ApplyPayload : type))(resolver.prototype, field, {});
  Arg('input', () => inputType)(resolver.prototype, field, 0);
  Ctx()(resolver.prototype, field, 1);
  Info()(resolver.prototype, field, 2);
}

function define<Arguments extends readonly unknown[]>(
  resolver: ClassType,
  name: string,
  method: (...values: Arguments) => unknown,
): void {
  Object.defineProperty(resolver.prototype, name, { value: method });
}
