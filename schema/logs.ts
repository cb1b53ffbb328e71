import { Field, ObjectType } from 'type-graphql';
import { DateTimeScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'A line that a container wrote. Read when asked, never stored.' })
export class LogLine {
  @Field(() => String, { description: 'Name of the component of the app.' })
  readonly component!: string;
  @Field(() => String)
  readonly pod!: string;
  @Field(() => String)
  readonly container!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When; null unless timestamps were asked for.' })
  readonly at!: string | null;
  @Field(() => String)
  readonly text!: string;
}

@ObjectType({ simpleResolvers: true })
export class LogAnswer {
  @Field(() => [LogLine], {
    description: 'A query answers in the order of their time; a subscription gives each line once, as it comes.',
  })
  readonly lines!: readonly LogLine[];
  @Field(() => [String], { description: 'What is missing and why, in sentences. The rest did not wait for it.' })
  readonly unavailable!: readonly string[];
}
