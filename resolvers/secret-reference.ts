import { FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type { SecretReference } from '../lib/kind.js';
import { SecretReferenceType } from '../schema/secret-reference.js';

/** The stored form of a reference, as fields. A value that is not one fails here and is never shown. */
@Resolver(() => SecretReferenceType)
export class SecretReferenceFields {
  @FieldResolver(() => ID)
  id(@Root() root: SecretReference) {
    return root.$secret.id;
  }

  @FieldResolver(() => Int)
  version(@Root() root: SecretReference) {
    return root.$secret.version;
  }
}
