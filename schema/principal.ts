import 'reflect-metadata';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'Who asks.' })
export class Principal {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => String, {
    description:
      '`operator` edits desired state; `developer` edits what is not the platform’s, in some projects; `controller` reports what is.',
  })
  readonly role!: string;
  @Field(() => [String], { description: 'Of a developer: in which edits are allowed.' })
  readonly projects!: readonly string[];
}
