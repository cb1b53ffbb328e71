import 'reflect-metadata';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'Who asks.' })
export class Principal {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => String, { description: '`operator` edits desired state; `controller` reports what is.' })
  readonly role!: string;
}
