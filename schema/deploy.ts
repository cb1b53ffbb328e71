import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { EditResultEnum } from './enums.js';
import { KeptField } from './kept-field.js';
import { Resource } from './resource.js';
import { JsonScalar } from './scalars.js';

@InputType()
export class DeployInput {
  @Field(() => String, { nullable: true, description: 'Left out: default.' })
  readonly project?: string | null;
  @Field(() => String)
  readonly environment!: string;
  @Field(() => String, { description: 'Name of the app.' })
  readonly app!: string;
  @Field(() => String, { nullable: true, description: 'Name of the instance. Left out: the name of the app.' })
  readonly name?: string | null;
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'A new state of the app, applied first, in the same transaction.',
  })
  readonly appSpec?: unknown;
  @Field(() => Int, { nullable: true, description: 'Number of the release. Left out: the newest one.' })
  readonly release?: number | null;
  @Field(() => String, { nullable: true, description: 'Name of the runtime. Left out: that of the environment.' })
  readonly runtime?: string | null;
  @Field(() => String, { nullable: true })
  readonly manager?: string | null;
  @Field(() => Boolean, { nullable: true })
  readonly takeOver?: boolean | null;
  @Field(() => String, { nullable: true })
  readonly idempotencyKey?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Hash of a plan of the same edits. Refused with CONFLICT when another plan would come of them by now.',
  })
  readonly planHash?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Cursor of that plan, so that a refusal says what changed since.',
  })
  readonly planCursor?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class DeployPayload {
  @Field(() => ID)
  readonly changesetId!: string;
  @Field(() => String)
  readonly cursor!: string;
  @Field(() => Resource)
  readonly instance!: Resource;
  @Field(() => Int)
  readonly release!: number;
  @Field(() => EditResultEnum)
  readonly result!: keyof typeof EditResultEnum;
  @Field(() => [KeptField], { description: 'Of the app, then of the instance.' })
  readonly kept!: readonly KeptField[];
}
