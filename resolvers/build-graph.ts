import { GraphQLInterfaceType, GraphQLObjectType, type GraphQLSchema, GraphQLUnionType, isAbstractType } from 'graphql';
import { buildSchemaSync, type ClassType } from 'type-graphql';
import { assert } from '../lib/assert.js';
import type { KindDefinition, KindRegistry } from '../lib/kind.js';
import { camelCase } from '../lib/names.js';
import { type DerivedKind, deriveKind } from '../schema/derive/derive-kind.js';
import { withKindTypes } from '../schema/kind-types.js';
import { builtInKinds } from '../schema/kinds/built-in.js';
import { appInstanceDeployments } from './app-instance-deployments.js';
import { appReleases } from './app-releases.js';
import type { GraphContext } from './context.js';
import { resolveDirectly } from './direct-resolvers.js';
import { kindResolver } from './kind-resolver.js';
import { addLiveFields } from './live-fields.js';
import { checkPermission, guardedReads, permissions } from './permissions.js';
import { resolverClasses } from './resolver-classes.js';

/**
 * The executable graph of these kinds. Built once per registry: the same one comes back for the same registry.
 * Throws when a mutation has no permission, or two types share a name.
 */
export function buildGraph({ registry }: { readonly registry: KindRegistry }): GraphQLSchema {
  const known = graphs.get(registry) ?? build(registry);
  graphs.set(registry, known);
  return known;
}

/** type-graphql keeps its metadata for the whole process, so building twice would only repeat it. */
const graphs = new WeakMap<KindRegistry, GraphQLSchema>();
const extensions = new WeakMap<ClassType, ClassType>();

function build(registry: KindRegistry): GraphQLSchema {
  // A check takes as long as building, and what comes with Portolan passed it in test/resolvers/build-graph.test.ts.
  const isTested = registry === builtInKinds;
  for (const kind of registry.kinds) checkNames(kind);
  const derived = registry.kinds.map(deriveKind);
  const types = new Map(derived.map(({ kind, type }) => [kind.name, type]));
  const schema = withKindTypes(types, () =>
    buildSchemaSync({
      resolvers: [...resolverClasses, ...derived.map(kindResolver), ...extensionsOf(derived)] as [
        ClassType,
        ...ClassType[],
      ],
      orphanedTypes: [...types.values()],
      // Our own checks give BAD_USER_INPUT with a path; class-validator's errors would carry the whole input.
      validate: false,
      skipCheck: isTested,
      pubSub: noPubSub,
    }),
  );
  resolveTypesByKind(schema);
  resolveDirectly(schema, [...resolverClasses, ...derived.map(kindResolver)]);
  guardMutations(schema, registry);
  guardReads(schema);
  // Kinds and the asker do not change while somebody looks. No commit tells that an answer of the outside has changed.
  // A plan is no read of what is stored, and what it rests on is as good as everything.
  const except = ['kinds', 'kind', 'me', 'logs', 'objectPlan', 'plan', 'adoption', 'tokens'];
  return addLiveFields(schema, { except, isValid: isTested });
}

/** Fields of Query and Subscription that are written by hand: a kind of such a name would silently take their place. */
export const ownFields: ReadonlySet<string> = new Set([
  'node',
  'resource',
  'resources',
  'events',
  'objects',
  'revisions',
  'kind',
  'kinds',
  'chart',
  'plane',
  'me',
  'watch',
  'changes',
  'logs',
  'objectPlan',
  'adoption',
  'plan',
  'probes',
  'why',
  'whatIf',
  'origin',
  'tokens',
]);

function checkNames({ name, plural }: KindDefinition): void {
  const taken = [name, plural].find((text) => ownFields.has(camelCase(text)));
  if (taken === undefined) return;
  throw new Error(`A kind cannot be called ${taken}: the graph has a field ${camelCase(taken)} of its own. Rename it.`);
}

/** Every subscription of ours has a `subscribe` of its own; type-graphql wants this all the same. */
const noPubSub = {
  publish() {},
  subscribe(): never {
    throw new Error('A subscription has no subscribe of its own.');
  },
};

/** Fields that only one kind has, each in a file of its own. */
function extensionsOf(derived: readonly DerivedKind[]): readonly ClassType[] {
  return derived.flatMap(({ kind, type }) => {
    const extend = kindExtensions[kind.name];
    if (!extend) return [];
    const known = extensions.get(type) ?? extend(type);
    extensions.set(type, known);
    return [known];
  });
}

const kindExtensions: Readonly<Record<string, (type: ClassType) => ClassType>> = {
  App: appReleases,
  AppInstance: appInstanceDeployments,
};

/** A synchronous look-up, since graphql-jit cannot take the promise of type-graphql's own. */
function resolveTypesByKind(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isAbstractType(type)) continue;
    assert(type instanceof GraphQLInterfaceType || type instanceof GraphQLUnionType, `${type.name} is not abstract`);
    type.resolveType = ({ kind }: { readonly kind: string }) => kind;
  }
}

function guardMutations(schema: GraphQLSchema, registry: KindRegistry): void {
  const table = permissions(registry);
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const permission = table.get(field.name);
    const { resolve } = field;
    if (!permission)
      throw new Error(`The mutation ${field.name} is missing in resolvers/permissions.ts: say who may call it.`);
    assert(resolve, `The mutation ${field.name} has no resolver`);
    field.resolve = (root, args, context: GraphContext, info) => {
      checkPermission(field.name, permission, context.actor);
      return resolve(root, args, context, info);
    };
  }
}

function guardReads(schema: GraphQLSchema): void {
  for (const [place, permission] of Object.entries(guardedReads)) {
    const [typeName = '', name = ''] = place.split('.');
    const type = schema.getType(typeName);
    const field = type instanceof GraphQLObjectType ? type.getFields()[name] : undefined;
    assert(field, `The graph has no field ${place}, which resolvers/permissions.ts names`);
    const { resolve, subscribe } = field;
    const check = ({ actor }: GraphContext) => checkPermission(name, permission, actor);
    if (resolve) {
      field.resolve = (root, args, context: GraphContext, info) => {
        check(context);
        return resolve(root, args, context, info);
      };
    }
    if (subscribe) {
      field.subscribe = (root, args, context: GraphContext, info) => {
        check(context);
        return subscribe(root, args, context, info);
      };
    }
  }
}
