import { Field, ObjectType } from 'type-graphql';
import { JsonScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'A field that a revision changed.' })
export class ChangedField {
  @Field(() => String, {
    description:
      'Dotted: `spec.runtime`, `labels.team`, `managers.spec.runtime` for a field that only changed hands; of a status `health`, `conditions.Ready.reason`, `outputs.url`.',
  })
  readonly path!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'null: it was not there. A secret is `(hidden)`.' })
  readonly before?: unknown;
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'null: it is not there any more. A secret is `(hidden)`, and `(changed)` when it got another value.',
  })
  readonly after?: unknown;
}
