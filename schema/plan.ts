import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Json } from '../lib/canonical.js';
import { EditInput } from './apply.js';
import { PlanActionEnum } from './enums.js';
import { ErrorCodeEnum } from './error-code.js';
import { KeptField } from './kept-field.js';
import { JsonScalar } from './scalars.js';

type PlanAction = (typeof PlanActionEnum)[keyof typeof PlanActionEnum];

@InputType({ description: 'What `apply` would be given.' })
export class PlanInput {
  @Field(() => [EditInput])
  readonly edits!: readonly EditInput[];
  @Field(() => String, { nullable: true, description: 'Left out: the name of the principal.' })
  readonly manager?: string | null;
  @Field(() => Boolean, { nullable: true })
  readonly takeOver?: boolean | null;
}

@ObjectType({ simpleResolvers: true, description: 'A field of a resource that would change.' })
export class PlannedField {
  @Field(() => String, { description: 'Dotted, from the root of the resource: `spec.runtime`, `labels.team`.' })
  readonly path!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'null: it is not there. A secret is `(hidden)`.' })
  readonly before?: unknown;
  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'null: it is not to be there. A secret is `(hidden)`, and `(changed)` when it gets another value; in the place of an id to come is `(known after apply)`.',
  })
  readonly after?: unknown;
}

@ObjectType({ simpleResolvers: true, description: 'What would happen to one resource.' })
export class PlanStep {
  @Field(() => Int, {
    nullable: true,
    description:
      'From 1. All of a wave may happen at the same time, each after what it waits for in the waves before. null: nothing happens.',
  })
  readonly wave!: number | null;
  @Field(() => PlanActionEnum)
  readonly action!: PlanAction;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => String, { nullable: true })
  readonly project!: string | null;
  @Field(() => String, { nullable: true })
  readonly environment!: string | null;
  @Field(() => String, { nullable: true, description: '`Kind name` of what it lives and dies with.' })
  readonly owner!: string | null;
  @Field(() => ID, { nullable: true, description: 'null: it is new.' })
  readonly resourceId!: string | null;
  @Field(() => String, { nullable: true, description: 'A sentence, where the action alone does not say it.' })
  readonly why!: string | null;
  @Field(() => [PlannedField])
  readonly fields!: readonly PlannedField[];
  @Field(() => [KeptField], { description: 'What others changed since it was stated so, and stays as they set it.' })
  readonly kept!: readonly KeptField[];
  @Field(() => [String], { description: 'What stands in the way, each as `Kind name (id)`.' })
  readonly blockedBy!: readonly string[];
}

@ObjectType({ simpleResolvers: true, description: 'Steps by action.' })
export class PlanCounts {
  @Field(() => Int)
  readonly create!: number;
  @Field(() => Int)
  readonly update!: number;
  @Field(() => Int)
  readonly replace!: number;
  @Field(() => Int)
  readonly delete!: number;
  @Field(() => Int)
  readonly none!: number;
}

@ObjectType({ simpleResolvers: true, description: 'A limit that somebody set, and that what is stated passes.' })
export class PlanVerdict {
  @Field(() => String)
  readonly rule!: string;
  @Field(() => String, { description: 'Who set it.' })
  readonly owner!: string;
  @Field(() => JsonScalar, { nullable: true })
  readonly allowed!: Json;
}

@ObjectType({ simpleResolvers: true, description: 'Why committing it would be refused.' })
export class PlanRefusal {
  @Field(() => ErrorCodeEnum)
  readonly code!: keyof typeof ErrorCodeEnum;
  @Field(() => String)
  readonly message!: string;
  @Field(() => [JsonScalar], {
    description: 'Path of the field, from the root of the input; empty when it is about no field.',
  })
  readonly path!: readonly (string | number)[];
  @Field(() => String, { nullable: true, description: '`Kind name` of what it is about.' })
  readonly resource!: string | null;
  @Field(() => [String], { description: 'What stands in the way, each as `Kind name (id)`.' })
  readonly blockers!: readonly string[];
  @Field(() => [KeptField], { description: 'Fields that others set, and that are stated differently.' })
  readonly conflicts!: readonly KeptField[];
  @Field(() => PlanVerdict, { nullable: true, description: 'The rule that it breaks; null: it is no rule of anybody.' })
  readonly verdict!: PlanVerdict | null;
}

@ObjectType({ simpleResolvers: true, description: 'An app instance that changes, or owns something that does.' })
export class AffectedApp {
  @Field(() => ID, { nullable: true, description: 'null: it is new.' })
  readonly resourceId!: string | null;
  @Field(() => String)
  readonly name!: string;
  @Field(() => String, { nullable: true })
  readonly project!: string | null;
  @Field(() => String, { nullable: true })
  readonly environment!: string | null;
  @Field(() => Int, { description: 'How many of the steps are of it.' })
  readonly steps!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What committing a changeset would do now. Nothing is written.' })
export class Plan {
  @Field(() => String, {
    description:
      'Over the changeset, what it comes to, and everything that was read for it. `apply` with it is refused when another plan would come of the same input by then.',
  })
  readonly hash!: string;
  @Field(() => String, { description: 'As of which commit. Given to `apply`, a refusal says what changed since.' })
  readonly cursor!: string;
  @Field(() => [PlanStep], { description: 'By wave; what stays as it is comes last.' })
  readonly steps!: readonly PlanStep[];
  @Field(() => PlanCounts)
  readonly counts!: PlanCounts;
  @Field(() => [PlanRefusal], { description: 'Empty: it would not be refused.' })
  readonly refusals!: readonly PlanRefusal[];
  @Field(() => [AffectedApp])
  readonly affectedApps!: readonly AffectedApp[];
}
