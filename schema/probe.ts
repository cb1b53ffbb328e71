import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Json } from '../lib/canonical.js';
import { AnswerStateEnum, ProbeMessageTypeEnum } from './enums.js';
import { JsonScalar } from './scalars.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A read-only question to the controller that holds the lease of a resource. Begins with SYNC.',
})
export class ProbeMessage {
  @Field(() => ProbeMessageTypeEnum)
  readonly type!: keyof typeof ProbeMessageTypeEnum;
  @Field(() => ID, { nullable: true, description: 'Of the question; null in SYNC.' })
  readonly id!: string | null;
  @Field(() => String, { nullable: true, description: 'Of the resource; null but in ASK, like all that follows.' })
  readonly kind!: string | null;
  @Field(() => ID, { nullable: true })
  readonly resourceId!: string | null;
  @Field(() => String, { nullable: true, description: 'Which question: the kind says which there are.' })
  readonly question!: string | null;
  @Field(() => JsonScalar, { nullable: true })
  readonly input!: Json;
}

@InputType({ description: 'A part of an answer. Parts are sent one after another.' })
export class AnswerProbeInput {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => ID, { description: 'Whom it was asked.' })
  readonly holder!: string;
  @Field(() => Int, { description: 'Counts the parts from 0, so that one that is sent again is taken once.' })
  readonly serial!: number;
  @Field(() => [JsonScalar], { description: 'None: it was understood, and the answer takes its time.' })
  readonly chunks!: readonly unknown[];
  @Field(() => Boolean)
  readonly isLast!: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'Why there is no more, in a sentence for people. Ends the answer.',
  })
  readonly error?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class AnswerProbePayload {
  @Field(() => AnswerStateEnum)
  readonly state!: keyof typeof AnswerStateEnum;
}
