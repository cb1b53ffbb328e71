import { Field, Int, ObjectType } from 'type-graphql';
import type { Json, JsonObject } from '../lib/canonical.js';
import type { ConditionStatus, ConditionType, Health, Reason } from '../lib/health.js';
import { ConditionStatusEnum, ConditionTypeEnum, HealthEnum } from './enums.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true })
export class Condition {
  @Field(() => ConditionTypeEnum)
  readonly type!: ConditionType;
  @Field(() => ConditionStatusEnum)
  readonly status!: ConditionStatus;
  @Field(() => String, { description: 'PascalCase, of a closed list.' })
  readonly reason!: Reason;
  @Field(() => String, { description: 'A sentence for people, or empty.' })
  readonly message!: string;
  @Field(() => DateTimeScalar, { description: 'When status last changed.' })
  readonly since!: string;
}

@ObjectType({ simpleResolvers: true })
export class Output {
  @Field(() => String)
  readonly name!: string;
  @Field(() => JsonScalar)
  readonly value!: Json;
  @Field(() => Int)
  readonly version!: number;
  @Field(() => Boolean, { description: 'It is given no more. The value is the last one, which those who use it keep.' })
  readonly isVanished!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class Status {
  @Field(() => Int, { description: 'The generation that it was computed from; 0 before the first report.' })
  readonly observedGeneration!: number;
  @Field(() => Int, { description: 'To be named by the next report.' })
  readonly version!: number;
  @Field(() => HealthEnum)
  readonly health!: Health;
  @Field(() => Boolean, {
    description: 'Whether it is as desired: seen at this generation, with current outputs of others, and ready.',
  })
  readonly isSettled!: boolean;
  @Field(() => String, { nullable: true, description: 'Of the condition Ready, like message and since.' })
  readonly reason!: Reason | null;
  @Field(() => String)
  readonly message!: string;
  @Field(() => DateTimeScalar, { nullable: true })
  readonly since!: string | null;
  @Field(() => [Condition])
  readonly conditions!: readonly Condition[];
  @Field(() => [Output])
  readonly outputs!: readonly Output[];
  @Field(() => JsonScalar, { description: 'What its controller saw. Empty before the first report.' })
  readonly observed!: JsonObject;
}
