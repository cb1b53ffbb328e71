import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ConditionStatus, ConditionType, Health } from '../lib/health.js';
import { ConditionStatusEnum, ConditionTypeEnum, HealthEnum } from './enums.js';
import { FenceInput } from './fence.js';
import { JsonScalar } from './scalars.js';

@InputType()
export class ConditionInput {
  @Field(() => ConditionTypeEnum)
  readonly type!: ConditionType;
  @Field(() => ConditionStatusEnum)
  readonly status!: ConditionStatus;
  @Field(() => String)
  readonly reason!: string;
  @Field(() => String)
  readonly message!: string;
}

@InputType()
export class ConsumedInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => Int)
  readonly version!: number;
}

@InputType()
export class ReportStatusInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => FenceInput)
  readonly fence!: FenceInput;
  @Field(() => Int)
  readonly observedGeneration!: number;
  @Field(() => Int, { description: 'The status version that it was computed from.' })
  readonly statusVersion!: number;
  @Field(() => HealthEnum)
  readonly health!: Health;
  @Field(() => [ConditionInput])
  readonly conditions!: readonly ConditionInput[];
  @Field(() => JsonScalar)
  readonly outputs!: unknown;
  @Field(() => JsonScalar)
  readonly observed!: unknown;
  @Field(() => [ConsumedInput], { nullable: true, description: 'Versions of the outputs of others that were used.' })
  readonly consumed?: readonly ConsumedInput[] | null;
}

@ObjectType({ simpleResolvers: true })
export class ReportStatusPayload {
  @Field(() => Int)
  readonly statusVersion!: number;
  @Field(() => Boolean)
  readonly isChanged!: boolean;
}
