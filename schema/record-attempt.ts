import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { FenceInput } from './fence.js';
import { DateTimeScalar } from './scalars.js';

@InputType({ description: 'count 0 clears.' })
export class RecordAttemptInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => FenceInput)
  readonly fence!: FenceInput;
  @Field(() => Int)
  readonly count!: number;
  @Field(() => String)
  readonly lastError!: string;
  @Field(() => DateTimeScalar, { nullable: true })
  readonly nextRetryAt?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class RecordAttemptPayload {
  @Field(() => Int)
  readonly count!: number;
}
