import { Field, ID, InputType, Int } from 'type-graphql';
import 'reflect-metadata';

@InputType({ description: 'Who acts, and since which lease: whoever holds an old one is refused.' })
export class FenceInput {
  @Field(() => ID, { description: 'As registered by registerController.' })
  readonly holder!: string;
  @Field(() => Int)
  readonly epoch!: number;
}
