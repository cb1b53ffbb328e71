import { Field, ObjectType } from 'type-graphql';
import type { Json } from '../lib/canonical.js';
import { FieldDifference } from './field-difference.js';
import { JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'An object as it is outside at this moment. Never stored.' })
export class LiveObject {
  @Field(() => JsonScalar, { nullable: true, description: 'null: it is not there. Secret values are hidden.' })
  readonly manifest!: Json;
  @Field(() => [FieldDifference], { description: 'Where it is not as desired.' })
  readonly differences!: readonly FieldDifference[];
  @Field(() => String, { nullable: true, description: 'Why it could not be seen, in a sentence; null when it was.' })
  readonly unavailable!: string | null;
}
