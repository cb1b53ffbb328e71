import { Field, Float, ID, InputType, ObjectType } from 'type-graphql';
import { FenceInput } from './fence.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@InputType()
export class BeginIntentInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => FenceInput)
  readonly fence!: FenceInput;
  @Field(() => String)
  readonly action!: string;
  @Field(() => String, { description: 'Goes into the call, so that a lost reply is found again.' })
  readonly token!: string;
}

@InputType()
export class ResolveIntentInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => FenceInput)
  readonly fence!: FenceInput;
  @Field(() => ID)
  readonly id!: string;
  @Field(() => JsonScalar)
  readonly outcome!: unknown;
}

@ObjectType({ simpleResolvers: true, description: '"I am about to create this", committed before the call.' })
export class Intent {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String)
  readonly action!: string;
  @Field(() => String)
  readonly token!: string;
  @Field(() => DateTimeScalar)
  readonly begunAt!: string;
  @Field(() => Float, {
    description:
      'How long ago that was when it was read, in milliseconds, by the clock of the database: clocks elsewhere differ.',
  })
  readonly ageMs!: number;
  @Field(() => DateTimeScalar, { nullable: true })
  readonly resolvedAt!: string | null;
  @Field(() => JsonScalar, { nullable: true })
  readonly outcome!: unknown;
}
