import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { FenceInput } from './fence.js';

@InputType({ description: 'Removes a resource that is being deleted, once its absence outside was observed.' })
export class FinalizeInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => FenceInput)
  readonly fence!: FenceInput;
  @Field(() => Int)
  readonly generation!: number;
}

@ObjectType({ simpleResolvers: true })
export class FinalizePayload {
  @Field(() => ID)
  readonly resourceId!: string;
}
