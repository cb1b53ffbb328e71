import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { EventTypeEnum } from './enums.js';
import { FenceInput } from './fence.js';
import { DateTimeScalar } from './scalars.js';

@InputType({ description: 'How a cluster itself knows the event: seen again it is not counted again.' })
export class OutsideEventInput {
  @Field(() => String, { description: "The cluster's id of the event." })
  readonly id!: string;
  @Field(() => Int)
  readonly count!: number;
  @Field(() => DateTimeScalar)
  readonly firstAt!: string;
  @Field(() => DateTimeScalar)
  readonly lastAt!: string;
}

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
  @Field(() => String, {
    nullable: true,
    description: 'The owned object under which it is told, where `object` is a pod or the like that belongs to it.',
  })
  readonly ownerObject?: string | null;
  @Field(() => OutsideEventInput, {
    nullable: true,
    description: 'Of an event that a cluster told of. One of before the resource was made is passed over.',
  })
  readonly outside?: OutsideEventInput | null;
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
