import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from './connection.js';
import { EventTypeEnum } from './enums.js';
import { DateTimeScalar } from './scalars.js';

@ObjectType('Event', { simpleResolvers: true, description: 'What happened to a resource; the same again is counted.' })
export class ResourceEvent {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => String, { description: '`Kind/namespace/name`; empty when it is about the resource itself.' })
  readonly object!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The owned object under which it is told, where `object` is a pod or the like that belongs to it.',
  })
  readonly ownerObject!: string | null;
  @Field(() => EventTypeEnum)
  readonly type!: keyof typeof EventTypeEnum;
  @Field(() => String)
  readonly reason!: string;
  @Field(() => String)
  readonly message!: string;
  @Field(() => String)
  readonly source!: string;
  @Field(() => Int)
  readonly count!: number;
  @Field(() => DateTimeScalar)
  readonly firstAt!: string;
  @Field(() => DateTimeScalar)
  readonly lastAt!: string;
}

export const EventConnection = connectionOf('Event', () => ResourceEvent);
