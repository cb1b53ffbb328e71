import { Field, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'Failed runs of its reconciler in a row. Not versioned.' })
export class Attempt {
  @Field(() => Int)
  readonly count!: number;
  @Field(() => String)
  readonly lastError!: string;
  @Field(() => DateTimeScalar, { nullable: true })
  readonly nextRetryAt!: string | null;
  @Field(() => DateTimeScalar)
  readonly updatedAt!: string;
}
