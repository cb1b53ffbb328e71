import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { RoleEnum } from './enums.js';
import { DateTimeScalar } from './scalars.js';

@ObjectType({
  simpleResolvers: true,
  description: 'What somebody is known by. The token itself is told once, when it is made.',
})
export class ApiToken {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String, { description: 'Of the principal whose it is.' })
  readonly name!: string;
  @Field(() => RoleEnum)
  readonly role!: 'operator' | 'developer' | 'controller';
  @Field(() => [String], { description: 'Of a developer: in which edits are allowed.' })
  readonly projects!: readonly string[];
  @Field(() => DateTimeScalar)
  readonly createdAt!: string;
  @Field(() => DateTimeScalar, { nullable: true })
  readonly revokedAt!: string | null;
}

@InputType()
export class CreateTokenInput {
  @Field(() => String, { description: 'Who it is for. Made known if nobody has that name.' })
  readonly name!: string;
  @Field(() => RoleEnum)
  readonly role!: 'operator' | 'developer' | 'controller';
  @Field(() => [String], {
    nullable: true,
    description: 'Of a developer: names of the projects in which edits are allowed.',
  })
  readonly projects?: readonly string[] | null;
}

@ObjectType({ simpleResolvers: true })
export class CreateTokenPayload {
  @Field(() => ApiToken)
  readonly apiToken!: ApiToken;
  @Field(() => String, { description: 'The token. Told this once.' })
  readonly token!: string;
}

@InputType()
export class RevokeTokenInput {
  @Field(() => ID)
  readonly id!: string;
}

@ObjectType({ simpleResolvers: true })
export class RevokeTokenPayload {
  @Field(() => ApiToken)
  readonly apiToken!: ApiToken;
}
