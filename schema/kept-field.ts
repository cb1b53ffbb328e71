import { Field, ID, ObjectType } from 'type-graphql';
import type { Json } from '../lib/canonical.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'The commit that set a field.' })
export class FieldSetting {
  @Field(() => ID)
  readonly changesetId!: string;
  @Field(() => String)
  readonly actor!: string;
  @Field(() => DateTimeScalar)
  readonly at!: string;
  @Field(() => String, { nullable: true, description: 'null: the log goes back less far.' })
  readonly cursor!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'A field that was stated as before, and that another manager changed since. It stays as that one set it.',
})
export class KeptField {
  @Field(() => String, { description: '`components[web].objects[Deployment/web].spec.replicas`' })
  readonly path!: string;
  @Field(() => String, { description: 'Who set it.' })
  readonly manager!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'null for a secret.' })
  readonly stated!: Json;
  @Field(() => JsonScalar, { nullable: true, description: 'null for a secret.' })
  readonly actual!: Json;
  @Field(() => Boolean)
  readonly isSecret!: boolean;
  @Field(() => FieldSetting, { nullable: true, description: 'null: it is not known any more.' })
  readonly set!: FieldSetting | null;
}
