import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Health } from '../lib/health.js';
import { HealthEnum, ObjectOriginEnum, ObjectStateEnum } from './enums.js';
import { FenceInput } from './fence.js';
import { FieldDifferenceInput } from './field-difference.js';

@InputType()
export class ObjectInput {
  @Field(() => String)
  readonly group!: string;
  @Field(() => String)
  readonly version!: string;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String)
  readonly namespace!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => ObjectStateEnum)
  readonly state!: keyof typeof ObjectStateEnum;
  @Field(() => ObjectOriginEnum)
  readonly origin!: keyof typeof ObjectOriginEnum;
  @Field(() => String, { nullable: true })
  readonly uid?: string | null;
  @Field(() => String, { nullable: true })
  readonly appliedHash?: string | null;
  @Field(() => HealthEnum)
  readonly health!: Health;
  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
  @Field(() => String)
  readonly message!: string;
  @Field(() => [FieldDifferenceInput], { nullable: true })
  readonly drift?: readonly FieldDifferenceInput[] | null;
}

@InputType()
export class ObjectKeyInput {
  @Field(() => String)
  readonly group!: string;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String)
  readonly namespace!: string;
  @Field(() => String)
  readonly name!: string;
}

@InputType({ description: 'Upserts `objects`, removes `absent` (only what was observed to be absent).' })
export class ReportObjectsInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => FenceInput)
  readonly fence!: FenceInput;
  @Field(() => Int, {
    nullable: true,
    description:
      'The status version that the pass began with: refused when there is another one, so that a report that was held up does not undo a newer one. Left out: not compared.',
  })
  readonly statusVersion?: number | null;
  @Field(() => ID)
  readonly runtimeId!: string;
  @Field(() => [ObjectInput])
  readonly objects!: readonly ObjectInput[];
  @Field(() => [ObjectKeyInput])
  readonly absent!: readonly ObjectKeyInput[];
}

@ObjectType({ simpleResolvers: true })
export class ReportObjectsPayload {
  @Field(() => Int)
  readonly changed!: number;
}
