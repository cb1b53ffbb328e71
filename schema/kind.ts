import { Field, Int, ObjectType } from 'type-graphql';
import type { JsonObject } from '../lib/canonical.js';
import type { KindScope } from '../lib/kind.js';
import { KindScopeEnum } from './enums.js';
import { JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true })
export class KindColumn {
  @Field(() => String)
  readonly header!: string;
  @Field(() => String, { description: 'Dotted path from the root of a resource: spec.runtime, observed.nodes.' })
  readonly path!: string;
  @Field(() => Boolean)
  readonly isWide!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class KindReference {
  @Field(() => String)
  readonly path!: string;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => KindScopeEnum)
  readonly scope!: KindScope;
}

@ObjectType({ simpleResolvers: true, description: 'A kind, so that clients need to know none.' })
export class Kind {
  @Field(() => String)
  readonly name!: string;
  @Field(() => String)
  readonly plural!: string;
  @Field(() => String)
  readonly docs!: string;
  @Field(() => KindScopeEnum)
  readonly scope!: KindScope;
  @Field(() => Int)
  readonly specVersion!: number;
  @Field(() => JsonScalar)
  readonly specSchema!: JsonObject;
  @Field(() => JsonScalar)
  readonly observedSchema!: JsonObject;
  @Field(() => JsonScalar)
  readonly outputsSchema!: JsonObject;
  @Field(() => JsonScalar, {
    description: 'JSON Schema of a document in a file: kind, name, project, environment, labels, spec.',
  })
  readonly fileSchema!: JsonObject;
  @Field(() => [KindColumn])
  readonly columns!: readonly KindColumn[];
  @Field(() => [KindReference])
  readonly references!: readonly KindReference[];
  @Field(() => Boolean, { description: 'Whether a controller reconciles it.' })
  readonly isControlled!: boolean;
  @Field(() => Boolean, { description: 'Whether people make it; the others come from expansion.' })
  readonly isMadeByUser!: boolean;
}
