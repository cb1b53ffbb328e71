import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { JsonObject } from '../lib/canonical.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'One immutable record of a move of an app instance.' })
export class AppDeployment {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => Int)
  readonly number!: number;
  @Field(() => Int)
  readonly release!: number;
  @Field(() => String)
  readonly releaseDigest!: string;
  @Field(() => JsonScalar, { description: 'What it came to.' })
  readonly resolved!: JsonObject;
  @Field(() => String)
  readonly actor!: string;
  @Field(() => DateTimeScalar)
  readonly createdAt!: string;
}
