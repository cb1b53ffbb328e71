import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Health } from '../lib/health.js';
import { HealthEnum, WatchTypeEnum } from './enums.js';
import { Revision } from './revision.js';

@InputType()
export class WatchFilter {
  @Field(() => String, { nullable: true })
  readonly project?: string | null;
  @Field(() => String, { nullable: true })
  readonly environment?: string | null;
  @Field(() => ID, { nullable: true })
  readonly ownerId?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'SYNC: you are attached, list everything. CHANGED: look again. It carries no state to act on.',
})
export class WatchMessage {
  @Field(() => WatchTypeEnum)
  readonly type!: keyof typeof WatchTypeEnum;
  @Field(() => String, { nullable: true })
  readonly kind?: string | null;
  @Field(() => ID, { nullable: true })
  readonly id?: string | null;
  @Field(() => ID, { nullable: true })
  readonly projectId?: string | null;
  @Field(() => ID, { nullable: true })
  readonly ownerId?: string | null;
  @Field(() => String, { nullable: true })
  readonly leaseKey?: string | null;
  @Field(() => Boolean, { nullable: true })
  readonly isRemoved?: boolean | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Given when nothing but its status changed: the version of that status.',
  })
  readonly statusVersion?: number | null;
  @Field(() => HealthEnum, {
    nullable: true,
    description: 'Given when nothing but its status changed, and its health is what it was.',
  })
  readonly sameHealth?: Health | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'One commit, never cut. SYNC comes first when no cursor was given, and says where it begins.',
})
export class ChangeMessage {
  @Field(() => WatchTypeEnum)
  readonly type!: keyof typeof WatchTypeEnum;
  @Field(() => String)
  readonly cursor!: string;
  @Field(() => [Revision])
  readonly revisions!: readonly Revision[];
}
