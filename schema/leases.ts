import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from './scalars.js';

@InputType()
export class RegisterControllerInput {
  @Field(() => ID, { description: 'Chosen by the process, new at each start.' })
  readonly holder!: string;
  @Field(() => [String])
  readonly kinds!: readonly string[];
  @Field(() => String)
  readonly version!: string;
}

@ObjectType({ simpleResolvers: true })
export class RegisterControllerPayload {
  @Field(() => ID)
  readonly holder!: string;
  @Field(() => [String])
  readonly kinds!: readonly string[];
}

@ObjectType({ simpleResolvers: true, description: 'The right to act on what its key names.' })
export class Lease {
  @Field(() => String)
  readonly key!: string;
  @Field(() => Int)
  readonly epoch!: number;
  @Field(() => DateTimeScalar)
  readonly expiresAt!: string;
  @Field(() => Int, { description: 'Milliseconds that are left at the time of the answer.' })
  readonly ttlMs!: number;
  @Field(() => Boolean, {
    description: 'Another controller is to have it: what runs under it is to end, and it is to be given back.',
  })
  readonly isClaimed!: boolean;
}

@InputType()
export class AcquireLeasesInput {
  @Field(() => ID)
  readonly holder!: string;
  @Field(() => [String])
  readonly keys!: readonly string[];
  @Field(() => Int)
  readonly ttlMs!: number;
}

@InputType()
export class RenewLeasesInput {
  @Field(() => ID)
  readonly holder!: string;
  @Field(() => Int)
  readonly ttlMs!: number;
}

@InputType()
export class ReleaseLeasesInput {
  @Field(() => ID)
  readonly holder!: string;
  @Field(() => [String])
  readonly keys!: readonly string[];
  @Field(() => Boolean, {
    nullable: true,
    description: 'It is about to end, and shares no leases any more: others take what it gives back at once.',
  })
  readonly isLeaving?: boolean | null;
}

@ObjectType({ simpleResolvers: true })
export class AcquiredLeasesPayload {
  @Field(() => [Lease], { description: 'Those that the holder has now.' })
  readonly leases!: readonly Lease[];
  @Field(() => Int, { description: 'How many it claims of others, who give them back soon.' })
  readonly claimed!: number;
}

@ObjectType({ simpleResolvers: true })
export class LeasesPayload {
  @Field(() => [Lease], { description: 'Those that the holder has now.' })
  readonly leases!: readonly Lease[];
}
