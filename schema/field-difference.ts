import { Field, InputType, ObjectType } from 'type-graphql';
import type { Json } from '../lib/canonical.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'One field of an outside object that is not as it is desired.' })
export class FieldDifference {
  @Field(() => String, { description: 'Dotted: `spec.template.spec.containers[name=web].image`.' })
  readonly path!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'null: it is not to be there. Secret values are hidden.' })
  readonly desired!: Json;
  @Field(() => JsonScalar, { nullable: true, description: 'null: it is not there. Secret values are hidden.' })
  readonly live!: Json;
  @Field(() => String, { nullable: true, description: 'Who wrote the live value last, as the cluster names it.' })
  readonly manager!: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When.' })
  readonly at!: string | null;
}

@InputType()
export class FieldDifferenceInput {
  @Field(() => String)
  readonly path!: string;
  @Field(() => JsonScalar, { nullable: true })
  readonly desired?: unknown;
  @Field(() => JsonScalar, { nullable: true })
  readonly live?: unknown;
  @Field(() => String, { nullable: true })
  readonly manager?: string | null;
  @Field(() => DateTimeScalar, { nullable: true })
  readonly at?: string | null;
}
