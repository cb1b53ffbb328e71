import { type ClassType, Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { namedClass } from '../connection.js';
import { enumOf } from '../enums.js';
import { JsonScalar } from '../scalars.js';
import { SecretReferenceType } from '../secret-reference.js';
import type { Property, Shape } from './shape.js';

/** What a type thunk returns: a type, or an array of one. */
type TypeValue = object | readonly TypeValue[];

/** Makes the types of one kind from its shapes. Enums are shared between what goes in and what comes out. */
export interface TypeMaker {
  /** An object type of that name. `allOptional`: no field is required, since old values may lack what is new. */
  output(name: string, properties: readonly Property[], options?: { readonly allOptional?: boolean }): ClassType;
  input(name: string, properties: readonly Property[], options?: { readonly allOptional?: boolean }): ClassType;
}

export function createTypeMaker(): TypeMaker {
  const enums = new Map<string, object>();
  const enumType = (name: string, values: readonly string[]) => {
    const known = enums.get(name) ?? enumOf(name, values);
    enums.set(name, known);
    return known;
  };

  const typeValue = (direction: 'output' | 'input', name: string, shape: Shape): TypeValue => {
    switch (shape.type) {
      case 'text':
        return String;
      case 'integer':
        return Int;
      case 'number':
        return Float;
      case 'boolean':
        return Boolean;
      case 'enum':
        return enumType(name, shape.values);
      case 'list':
        return [typeValue(direction, name, shape.item)];
      case 'secret':
        return direction === 'output' ? SecretReferenceType : JsonScalar;
      case 'json':
        return JsonScalar;
      case 'object':
        if (shape.properties.length === 0) return JsonScalar;
        return make(direction, direction === 'output' ? name : `${name}Input`, name, shape.properties, false);
    }
  };

  const make = (
    direction: 'output' | 'input',
    name: string,
    prefix: string,
    properties: readonly Property[],
    allOptional: boolean,
  ): ClassType => {
    const type = namedClass(name);
    if (direction === 'output') ObjectType(name, { simpleResolvers: true })(type);
    else InputType(name)(type);
    for (const property of properties) {
      const value = typeValue(direction, prefix + pascalCase(property.name), property.shape);
      Field(() => value as object, {
        nullable: allOptional || !property.isRequired,
        ...describe(direction, property),
      })(type.prototype, property.name);
    }
    return type;
  };

  return {
    output: (name, properties, options) => make('output', name, name, properties, options?.allOptional ?? false),
    input: (name, properties, options) =>
      make('input', name, name.replace(/(Input|Filter)$/, ''), properties, options?.allOptional ?? false),
  };
}

function describe(direction: 'output' | 'input', property: Property): { description?: string } {
  const isSecretInput = direction === 'input' && property.shape.type === 'secret';
  const description = [property.description, isSecretInput ? 'A text, or the reference that was read.' : null];
  const text = description.filter((part) => part !== null).join(' ');
  return text ? { description: text } : {};
}

function pascalCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
