import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import {
  ReleaseCredentialInput,
  ReleaseCredentialPayload,
  StoreSecretInput,
  StoreSecretPayload,
} from '../schema/credentials.js';
import { checkId } from './checks.js';
import type { GraphContext } from './context.js';

/** The only way out for plaintext is `releaseCredential`. The store checks lease and kind, and records every call. */
@Resolver()
export class CredentialResolver {
  @Mutation(() => StoreSecretPayload, { description: 'A password that was made, a token that was renewed.' })
  storeSecret(@Arg('input', () => StoreSecretInput) input: StoreSecretInput, @Ctx() { store, actor }: GraphContext) {
    return store.storeSecret({ ...input, resourceId: checkId(input.resourceId, ['resourceId']) }, actor);
  }

  @Mutation(() => ReleaseCredentialPayload, {
    description:
      'Plaintext of the secrets of a spec, of its definition, and of outputs, its own and those of what it refers to, to the controller that holds its lease.',
  })
  async releaseCredential(
    @Arg('input', () => ReleaseCredentialInput) input: ReleaseCredentialInput,
    @Ctx() { store, actor }: GraphContext,
  ) {
    const resourceId = checkId(input.resourceId, ['resourceId']);
    return { secrets: await store.releaseCredential({ ...input, resourceId }, actor) };
  }
}
