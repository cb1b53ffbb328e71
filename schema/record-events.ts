import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { EventTypeEnum } from './enums.js';
import { FenceInput } from './fence.js';

@InputType()
export class EventInput {
  @Field(() => EventTypeEnum)
  readonly type!: keyof typeof EventTypeEnum;
  @Field(() => String, { description: 'PascalCase.' })
  readonly reason!: string;
  @Field(() => String)
  readonly message!: string;
  @Field(() => String, { description: '`Kind/namespace/name`; empty when it is about the resource itself.' })
  readonly object!: string;
}

@InputType()
export class RecordEventsInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => FenceInput)
  readonly fence!: FenceInput;
  @Field(() => String)
  readonly source!: string;
  @Field(() => [EventInput])
  readonly events!: readonly EventInput[];
}

@ObjectType({ simpleResolvers: true })
export class RecordEventsPayload {
  @Field(() => Int)
  readonly recorded!: number;
}
