import { GraphQLInterfaceType, GraphQLObjectType, GraphQLScalarType, type GraphQLSchema } from 'graphql';
import { type ClassType, getMetadataStorage } from 'type-graphql';
import { assert } from '../lib/assert.js';

type Resolve = (root: unknown, args: Readonly<Record<string, unknown>>, context: unknown, info: unknown) => unknown;
type Parameter = NonNullable<BaseResolver['params']>[number];
type BaseResolver = ReturnType<typeof getMetadataStorage>['fieldResolvers'][number];

/**
 * Calls the methods of these classes without type-graphql where it has nothing to convert: it sorts the parameters of a
 * resolver and looks at the type of each at every call, which for the relations of hundreds of resources is more than
 * reading them. Queries that take an input type, and what has a guard of type-graphql, stay as they are. Mutations take
 * their inputs as graphql coerced them: a class for each of a thousand edits is a tenth of their commit.
 */
export function resolveDirectly(schema: GraphQLSchema, classes: readonly ClassType[]): void {
  const storage = getMetadataStorage();
  const instances = new Map<unknown, object>(classes.map((type) => [type, new type()]));
  const ownerNames = new Map(
    [...storage.interfaceTypes, ...storage.objectTypes].map(({ target, name }) => [target, name]),
  );
  const replace = (typeName: string | undefined, { target, methodName, schemaName, ...rest }: Called) => {
    const instance = instances.get(target);
    if (instance === undefined || typeName === undefined) return;
    const resolve = directCall(instance, methodName, rest, typeName === 'Mutation' ? () => true : isPlain);
    if (!resolve) return;
    for (const type of objectTypes(schema, typeName)) {
      const field = type.getFields()[schemaName];
      assert(field, `The graph has no field ${type.name}.${schemaName}`);
      field.resolve = resolve;
    }
  };
  for (const called of storage.fieldResolvers) {
    const owner = called.kind === 'external' && instances.has(called.target) ? called.getObjectType?.() : undefined;
    if (owner) replace(ownerNames.get(owner), called);
  }
  for (const called of storage.queries) replace('Query', called);
  for (const called of storage.mutations) replace('Mutation', called);
}

interface Called
  extends Pick<BaseResolver, 'target' | 'methodName' | 'schemaName' | 'params' | 'roles' | 'middlewares'> {}

function objectTypes(schema: GraphQLSchema, name: string): readonly GraphQLObjectType[] {
  const type = schema.getType(name);
  if (type instanceof GraphQLInterfaceType) return schema.getPossibleTypes(type);
  return type instanceof GraphQLObjectType ? [type] : [];
}

/** null: not without type-graphql. */
function directCall(
  instance: object,
  methodName: string,
  { params = [], roles, middlewares }: Pick<Called, 'params' | 'roles' | 'middlewares'>,
  isTaken: (type: unknown) => boolean,
): Resolve | null {
  if (roles || (middlewares && middlewares.length > 0)) return null;
  const readers = [...params].sort((one, other) => one.index - other.index).map((each) => readerOf(each, isTaken));
  if (!readers.every((reader) => reader !== null)) return null;
  const method: unknown = Reflect.get(instance, methodName);
  assert(typeof method === 'function', `${methodName} is not a method`);
  return (root, args, context, info) => {
    const values = new Array<unknown>(readers.length);
    for (let index = 0; index < readers.length; index += 1) values[index] = readers[index]?.(root, args, context, info);
    return Reflect.apply(method, instance, values);
  };
}

function readerOf(parameter: Parameter, isTaken: (type: unknown) => boolean): Resolve | null {
  switch (parameter.kind) {
    case 'root':
      return parameter.propertyName === undefined && !parameter.getType ? (root) => root : null;
    case 'context':
      return parameter.propertyName === undefined ? (_root, _args, context) => context : null;
    case 'info':
      return (_root, _args, _context, info) => info;
    case 'arg': {
      const { name } = parameter;
      return isTaken(parameter.getType()) ? (_root, args) => args[name] : null;
    }
    default:
      return null;
  }
}

/** Whether values of it come to a method as graphql has coerced them. */
function isPlain(type: unknown): boolean {
  return type === String || type === Boolean || type instanceof GraphQLScalarType;
}
