import 'reflect-metadata';
import { Field, ID, Int, ObjectType } from 'type-graphql';

/** Resolved in resolvers/secret-reference.ts: in a spec it is `{ $secret: { id, version } }`. */
@ObjectType('SecretReference', { description: 'Stands for a secret value, which is never returned.' })
export class SecretReferenceType {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => Int, { description: 'Grows when the value changes.' })
  readonly version!: number;
}
