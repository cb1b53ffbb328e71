import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from './connection.js';
import { RevisionOpEnum } from './enums.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'One entry of the append-only log of changes.' })
export class Revision {
  @Field(() => String, { description: 'Cursor of the commit that it belongs to.' })
  readonly cursor!: string;
  @Field(() => Int)
  readonly ordinal!: number;
  @Field(() => DateTimeScalar)
  readonly at!: string;
  @Field(() => ID, { nullable: true })
  readonly changesetId!: string | null;
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => ID, { nullable: true })
  readonly projectId!: string | null;
  @Field(() => ID, { nullable: true })
  readonly environmentId!: string | null;
  @Field(() => ID, { nullable: true })
  readonly ownerId!: string | null;
  @Field(() => RevisionOpEnum)
  readonly op!: keyof typeof RevisionOpEnum;
  @Field(() => Int)
  readonly generation!: number;
  @Field(() => Int)
  readonly version!: number;
  @Field(() => Int, { nullable: true })
  readonly statusVersion!: number | null;
  @Field(() => String)
  readonly actor!: string;
  @Field(() => String, { nullable: true })
  readonly manager!: string | null;
  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'What filters look at, before: labels, health, isDeleting; of the spec, fields that were others than after.',
  })
  readonly before!: unknown;
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'The same, after, with all short fields at the top of the spec.',
  })
  readonly after!: unknown;
  @Field(() => JsonScalar, { nullable: true, description: 'The whole of what changed, as it is after.' })
  readonly document!: unknown;
}

export const RevisionConnection = connectionOf('Revision', () => Revision);
