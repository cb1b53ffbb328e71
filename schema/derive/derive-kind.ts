import { type ClassType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { KindDefinition } from '../../lib/kind.js';
import { connectionOf, namedClass } from '../connection.js';
import { HealthEnum } from '../enums.js';
import { LabelInput } from '../filters.js';
import { Node } from '../node.js';
import { Resource } from '../resource.js';
import { JsonScalar } from '../scalars.js';
import { type Property, type Shape, shapeOf } from './shape.js';
import { createTypeMaker, type TypeMaker } from './type-maker.js';

/** The types of one kind. Those that are null are not there: see `isMadeByPeople`. */
export interface DerivedKind {
  readonly kind: KindDefinition;
  readonly type: ClassType;
  readonly connection: ClassType;
  readonly filter: ClassType;
  readonly create: ClassType | null;
  readonly update: ClassType | null;
  readonly delete: ClassType | null;
}

/** Metadata of type-graphql is global to the process, so a kind is derived once, however many graphs have it. */
export function deriveKind(kind: KindDefinition): DerivedKind {
  const known = derived.get(kind) ?? derive(kind);
  derived.set(kind, known);
  return known;
}

const derived = new WeakMap<KindDefinition, DerivedKind>();

/** Whether people create, update and delete it by names: what is owned has no address of its own. */
export function isMadeByPeople(kind: KindDefinition): boolean {
  return kind.madeBy === 'user' && kind.scope !== 'owner';
}

function derive(kind: KindDefinition): DerivedKind {
  if (!/^[A-Z][A-Za-z0-9]*$/.test(kind.name)) throw new Error(`The kind ${kind.name} is not named in PascalCase.`);
  const maker = createTypeMaker();
  const spec = propertiesOf(shapeOf(kind.spec));
  const type = resourceType(kind, spec, maker);
  const specInput = spec.length > 0 ? maker.input(`${kind.name}SpecInput`, spec) : JsonScalar;
  const inputs = isMadeByPeople(kind) ? mutationInputs(kind, specInput) : { create: null, update: null, delete: null };
  return {
    kind,
    type,
    connection: connectionOf(kind.name, () => type, { countsByHealth: true }),
    filter: filterType(kind, spec, maker),
    ...inputs,
  };
}

function resourceType(kind: KindDefinition, spec: readonly Property[], maker: TypeMaker): ClassType {
  const type = namedClass(kind.name);
  ObjectType(kind.name, { description: kind.docs, implements: [Node, Resource], simpleResolvers: true })(type);
  const specType = spec.length > 0 ? maker.output(`${kind.name}Spec`, spec) : JsonScalar;
  Field(() => specType)(type.prototype, 'spec');
  for (const [part, description] of parts) {
    const properties = propertiesOf(shapeOf(kind[part]));
    if (properties.length === 0) continue;
    const partType = maker.output(kind.name + part.charAt(0).toUpperCase() + part.slice(1), properties, {
      allOptional: true,
    });
    Field(() => partType, { nullable: true, description })(type.prototype, part);
  }
  return type;
}

const parts = [
  ['observed', 'What its controller saw; null before the first report.'],
  ['outputs', 'What it gives to others; null before the first report.'],
] as const;

function filterType(kind: KindDefinition, spec: readonly Property[], maker: TypeMaker): ClassType {
  const filter = namedClass(`${kind.name}Filter`);
  InputType(filter.name, { description: 'What is left out matches all.' })(filter);
  const field = (name: string, type: () => object, description?: string) =>
    Field(type, { nullable: true, ...(description ? { description } : {}) })(filter.prototype, name);
  field('names', () => [String]);
  field('nameContains', () => String, 'A part of the name.');
  if (kind.scope !== 'plane') field('project', () => String, 'Name of a project. Left out: all.');
  if (kind.scope === 'environment' || kind.scope === 'owner') field('environment', () => String);
  if (kind.scope === 'owner') field('ownerId', () => ID);
  field('health', () => [HealthEnum]);
  field('labels', () => [LabelInput], 'All of them.');
  field('isDeleting', () => Boolean);
  const scalars = spec.filter((property) => filterable.has(property.shape.type));
  if (scalars.length > 0) {
    const specFilter = maker.input(`${kind.name}SpecFilter`, scalars, { allOptional: true });
    field('spec', () => specFilter, 'Fields that must be equal.');
  }
  return filter;
}

const filterable: ReadonlySet<Shape['type']> = new Set(['text', 'integer', 'number', 'boolean', 'enum']);

function mutationInputs(kind: KindDefinition, specInput: object) {
  const make = (verb: string, fields: readonly InputField[]) => {
    const type = namedClass(`${verb}${kind.name}Input`);
    InputType(type.name)(type);
    for (const { name, type: fieldType, isRequired, description } of [...addressFields(kind), ...fields, ...common]) {
      Field(fieldType, { nullable: !isRequired, ...(description ? { description } : {}) })(type.prototype, name);
    }
    return type;
  };
  return {
    create: make('Create', [
      { name: 'labels', type: () => JsonScalar, description: 'Texts by name.' },
      { name: 'spec', type: () => specInput, isRequired: true },
      manager,
    ]),
    update: make('Update', [
      { name: 'labels', type: () => JsonScalar, description: 'Texts by name. Left out: they stay.' },
      { name: 'spec', type: () => specInput, description: 'The spec becomes this one. Left out: it stays.' },
      manager,
      { name: 'takeOver', type: () => Boolean, description: 'Takes over fields that another manager set.' },
      expectedVersion,
    ]),
    delete: make('Delete', [expectedVersion]),
  };
}

interface InputField {
  readonly name: string;
  readonly type: () => object;
  readonly isRequired?: boolean;
  readonly description?: string;
}

const manager: InputField = {
  name: 'manager',
  type: () => String,
  description: 'Who sets the fields. Left out: the name of the principal.',
};
const expectedVersion: InputField = {
  name: 'expectedVersion',
  type: () => Int,
  description: 'Refused with CONFLICT when its version is another one.',
};
const common: readonly InputField[] = [{ name: 'idempotencyKey', type: () => String }];

function addressFields(kind: KindDefinition): readonly InputField[] {
  const name: InputField = { name: 'name', type: () => String, isRequired: true };
  if (kind.scope === 'plane') return [name];
  const project: InputField = { name: 'project', type: () => String, description: 'Left out: default.' };
  if (kind.scope === 'project') return [name, project];
  return [name, project, { name: 'environment', type: () => String, isRequired: true }];
}

function propertiesOf(shape: Shape): readonly Property[] {
  return shape.type === 'object' ? shape.properties : [];
}
