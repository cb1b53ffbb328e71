import { Field, ObjectType } from 'type-graphql';
import { ObjectActionEnum } from './enums.js';
import { FieldDifference } from './field-difference.js';

@ObjectType({ simpleResolvers: true, description: 'What would happen to one object outside.' })
export class ObjectStep {
  @Field(() => String, { description: 'Name of the app instance.' })
  readonly instance!: string;
  @Field(() => String, { description: 'Name of the component that has it.' })
  readonly component!: string;
  @Field(() => String, { description: '`Kind/namespace/name`.' })
  readonly object!: string;
  @Field(() => ObjectActionEnum)
  readonly action!: keyof typeof ObjectActionEnum;
  @Field(() => String, { description: 'A sentence.' })
  readonly why!: string;
  @Field(() => [FieldDifference])
  readonly differences!: readonly FieldDifference[];
  @Field(() => String, {
    nullable: true,
    description: 'Why the cluster could not be asked about it yet, in a sentence; null when it was.',
  })
  readonly uncheckable!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'What the clusters say would happen, as of now. Advice: nothing is written, and nothing is promised.',
})
export class ObjectPlan {
  @Field(() => [ObjectStep])
  readonly steps!: readonly ObjectStep[];
  @Field(() => [String], { description: 'What is missing and why, in sentences.' })
  readonly unavailable!: readonly string[];
}
