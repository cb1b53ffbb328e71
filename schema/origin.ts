import { Field, ID, ObjectType } from 'type-graphql';
import type { Json } from '../lib/canonical.js';
import { FieldSetting } from './kept-field.js';
import { JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true })
export class OriginSubject {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String)
  readonly name!: string;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Who says a value: a layer (default, project, account, definition, tier, environment, release, instance, binding), or a manager, that is a person, a file or CI.',
})
export class OriginSource {
  @Field(() => String, { description: 'The sort of layer, or `manager`.' })
  readonly kind!: string;
  @Field(() => String, { nullable: true, description: 'Of the layer, `small`, `3`; or of the manager.' })
  readonly name!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'The field in which a layer has what it says.' })
export class OriginStatement {
  @Field(() => OriginSubject)
  readonly resource!: OriginSubject;
  @Field(() => String)
  readonly path!: string;
  @Field(() => String, { nullable: true, description: 'Who set it there.' })
  readonly manager!: string | null;
  @Field(() => FieldSetting, { nullable: true, description: 'Since which commit it is so; null: not known any more.' })
  readonly set!: FieldSetting | null;
}

@ObjectType({ simpleResolvers: true, description: 'A value that would hold if what is stronger said nothing.' })
export class OverriddenValue {
  @Field(() => OriginSource)
  readonly source!: OriginSource;
  @Field(() => JsonScalar, { nullable: true, description: 'null for a secret.' })
  readonly value!: Json;
  @Field(() => Boolean)
  readonly isSecret!: boolean;
  @Field(() => OriginStatement, { nullable: true })
  readonly statedIn!: OriginStatement | null;
}

@ObjectType({ simpleResolvers: true, description: 'Where the value of a field comes from.' })
export class FieldOrigin {
  @Field(() => OriginSubject, {
    description: 'What has the field: the resource that was asked about, or a child of it.',
  })
  readonly resource!: OriginSubject;
  @Field(() => String)
  readonly path!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'null for a secret.' })
  readonly value!: Json;
  @Field(() => Boolean)
  readonly isSecret!: boolean;
  @Field(() => OriginSource, { nullable: true, description: 'The winner. null: it is not known.' })
  readonly source!: OriginSource | null;
  @Field(() => OriginStatement, { nullable: true, description: 'Where a layer has it from; null: it was set here.' })
  readonly statedIn!: OriginStatement | null;
  @Field(() => FieldSetting, {
    nullable: true,
    description: 'The commit in which the field got this value, or whoever sets it; null: not known any more.',
  })
  readonly set!: FieldSetting | null;
  @Field(() => [OverriddenValue], { description: 'The strongest first.' })
  readonly overrode!: readonly OverriddenValue[];
  @Field(() => [String], { description: 'Other managers that state the same value.' })
  readonly alsoStatedBy!: readonly string[];
}
