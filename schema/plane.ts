import 'reflect-metadata';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'One installation: database, servers, controllers.' })
export class Plane {
  @Field(() => ID, { description: 'Of its database.' })
  readonly incarnation!: string;
  @Field(() => String)
  readonly version!: string;
  @Field(() => String)
  readonly schemaVersion!: string;
  @Field(() => String, { description: 'Of the newest change.' })
  readonly cursor!: string;
}
