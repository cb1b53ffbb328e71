import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { EditOpEnum, EditResultEnum } from './enums.js';
import { KeptField } from './kept-field.js';
import { JsonScalar } from './scalars.js';

type EditOp = (typeof EditOpEnum)[keyof typeof EditOpEnum];

@InputType({ description: 'One edit of desired state, addressed by names.' })
export class EditInput {
  @Field(() => EditOpEnum)
  readonly op!: EditOp;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String, { nullable: true, description: 'Left out: default.' })
  readonly project?: string | null;
  @Field(() => String, { nullable: true })
  readonly environment?: string | null;
  @Field(() => String)
  readonly name!: string;
  @Field(() => JsonScalar, { nullable: true })
  readonly spec?: unknown;
  @Field(() => JsonScalar, { nullable: true, description: 'Texts by name.' })
  readonly labels?: unknown;
  @Field(() => Int, { nullable: true, description: 'Refused with CONFLICT when its version is another one.' })
  readonly expectedVersion?: number | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only with DELETE, of what has something outside: forgets that without removing it or asking for it, and deletes what is on it as well. For a cluster that is lost.',
  })
  readonly force?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only with APPLY: states these fields beside what the manager stated before, of which nothing is taken away.',
  })
  readonly isPartial?: boolean | null;
}

@InputType({ description: 'A changeset: all of its edits are committed, or none.' })
export class ApplyInput {
  @Field(() => [EditInput])
  readonly edits!: readonly EditInput[];
  @Field(() => String, {
    nullable: true,
    description: 'Who sets the fields: a file, CI, a person. Left out: the name of the principal.',
  })
  readonly manager?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Takes over fields that another manager set.' })
  readonly takeOver?: boolean | null;
  @Field(() => String, {
    nullable: true,
    description: 'The same key and input again, within 24 hours, give the same answer and change nothing.',
  })
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

/** `resource` is resolved in resolvers/apply.ts. */
@ObjectType({ simpleResolvers: true })
export class AppliedEdit {
  @Field(() => EditOpEnum)
  readonly op!: EditOp;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => ID)
  readonly resourceId!: string;
  @Field(() => EditResultEnum)
  readonly result!: keyof typeof EditResultEnum;
  @Field(() => [KeptField], { description: 'What others changed since it was stated so, and stays as they set it.' })
  readonly kept!: readonly KeptField[];
}

@ObjectType({ simpleResolvers: true })
export class ApplyPayload {
  @Field(() => ID)
  readonly changesetId!: string;
  @Field(() => String, { description: 'Of this commit, to be given to changes(after).' })
  readonly cursor!: string;
  @Field(() => [AppliedEdit])
  readonly edits!: readonly AppliedEdit[];
}
