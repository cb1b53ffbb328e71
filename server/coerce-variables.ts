import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { BadInputError } from '../lib/errors.js';

/**
 * What is wrong with the variables of an operation, as BAD_USER_INPUT with the path of the field.
 * It runs before graphql's own check, whose messages repeat the value, which may be a secret. None: they are fine.
 */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly BadInputError[] {
  const errors: BadInputError[] = [];
  const declared = known.get(operation) ?? declaredBy(schema, operation);
  known.set(operation, declared);
  for (const { name, type, hasDefault } of declared) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined && (hasDefault || !isNonNullType(type))) continue;
    if (value === undefined || (value === null && isNonNullType(type))) {
      errors.push(mistake([name], `it is required, of type "${type}".`));
      continue;
    }
    check(name, value, type, errors);
    if (errors.length >= MAX_ERRORS) break;
  }
  return errors.slice(0, MAX_ERRORS);
}

interface Declared {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly hasDefault: boolean;
}

/** Operations are kept with their documents, and an operation is of one schema. */
const known = new WeakMap<OperationDefinitionNode, readonly Declared[]>();

function declaredBy(schema: GraphQLSchema, operation: OperationDefinitionNode): readonly Declared[] {
  return (operation.variableDefinitions ?? []).flatMap(({ variable, type: node, defaultValue }) => {
    // The union of overloads of typeFromAST gives no input type for a TypeNode.
    const type = typeFromAST(schema, node as never) as unknown;
    return isInputType(type) ? [{ name: variable.name.value, type, hasDefault: defaultValue !== undefined }] : [];
  });
}

const MAX_ERRORS = 20;

function check(name: string, value: unknown, type: GraphQLInputType, errors: BadInputError[]): void {
  coerceInputValue(value, type, (path, _invalid, error) => {
    if (errors.length < MAX_ERRORS) errors.push(mistake([name, ...path], withoutValue(error)));
  });
}

function mistake(path: readonly (string | number)[], problem: string): BadInputError {
  return new BadInputError(`The variable $${path.join('.')} cannot be used: ${problem}`, { path });
}

/** Messages that hold names of the schema and nothing of the value, but for the near miss of an enum. */
const harmless = [
  /^Field "\w+" of required type "[^"]+" was not provided\.$/,
  /^Field "\w+" is not defined by type "\w+"\.( Did you mean [^?]+\?)?$/,
  /^Expected (non-nullable )?type "[^"]+" (not to be null|to be an object)\.$/,
  /^Value "\w{1,40}" does not exist in "\w+" enum\.( Did you mean [^?]+\?)?$/,
];

function withoutValue({ message }: GraphQLError): string {
  if (harmless.some((pattern) => pattern.test(message))) return message;
  const scalar = /(\w+) cannot represent/.exec(message)?.[1];
  return scalar ? `it is no ${scalar}.` : 'it is not of the type that is expected there.';
}
