import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { JsonObject } from '../lib/canonical.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'One immutable, numbered state of an app.' })
export class Release {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => Int)
  readonly number!: number;
  @Field(() => JsonScalar)
  readonly spec!: JsonObject;
  @Field(() => String)
  readonly digest!: string;
  @Field(() => String)
  readonly actor!: string;
  @Field(() => DateTimeScalar)
  readonly createdAt!: string;
}
