import { Field, ID, ObjectType } from 'type-graphql';
import type { Health } from '../lib/health.js';
import { connectionOf } from './connection.js';
import { HealthEnum, ObjectOriginEnum, ObjectStateEnum } from './enums.js';
import { FieldDifference } from './field-difference.js';
import { DateTimeScalar } from './scalars.js';

@ObjectType('Object', {
  simpleResolvers: true,
  description: 'A Kubernetes or cloud object that a resource owns outside, as last observed.',
})
export class OwnedObject {
  @Field(() => ID)
  readonly runtimeId!: string;
  @Field(() => String, { description: 'Empty for the core group.' })
  readonly group!: string;
  @Field(() => String)
  readonly version!: string;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String, { description: 'Empty for cluster-scoped kinds.' })
  readonly namespace!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => ObjectStateEnum)
  readonly state!: keyof typeof ObjectStateEnum;
  @Field(() => ObjectOriginEnum)
  readonly origin!: keyof typeof ObjectOriginEnum;
  @Field(() => String, { nullable: true })
  readonly uid!: string | null;
  @Field(() => String, { nullable: true })
  readonly appliedHash!: string | null;
  @Field(() => HealthEnum)
  readonly health!: Health;
  @Field(() => String, { nullable: true })
  readonly reason!: string | null;
  @Field(() => String)
  readonly message!: string;
  @Field(() => [FieldDifference], {
    nullable: true,
    description: 'In what it differs from what is desired; null: in nothing that counts.',
  })
  readonly drift!: readonly FieldDifference[] | null;
  @Field(() => DateTimeScalar)
  readonly since!: string;
}

export const ObjectConnection = connectionOf('Object', () => OwnedObject, { countsByHealth: true });
