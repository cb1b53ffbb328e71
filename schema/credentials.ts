import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { FenceInput } from './fence.js';

@InputType()
export class StoreSecretInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => FenceInput)
  readonly fence!: FenceInput;
  @Field(() => String)
  readonly name!: string;
  @Field(() => String)
  readonly value!: string;
}

@ObjectType({ simpleResolvers: true })
export class StoreSecretPayload {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => Int)
  readonly version!: number;
}

@InputType()
export class ReleaseCredentialInput {
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => FenceInput)
  readonly fence!: FenceInput;
}

@ObjectType({ simpleResolvers: true })
export class ReleasedSecret {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => Int)
  readonly version!: number;
  @Field(() => String, {
    nullable: true,
    description: 'Its path in the spec, or under what name it was stored; null for what belongs to another resource.',
  })
  readonly name!: string | null;
  @Field(() => String)
  readonly value!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The only answer that holds plaintext. Every call is recorded.' })
export class ReleaseCredentialPayload {
  @Field(() => [ReleasedSecret])
  readonly secrets!: readonly ReleasedSecret[];
}
