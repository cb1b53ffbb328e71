import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import {
  AcquiredLeasesPayload,
  AcquireLeasesInput,
  LeasesPayload,
  RegisterControllerInput,
  RegisterControllerPayload,
  ReleaseLeasesInput,
  RenewLeasesInput,
} from '../schema/leases.js';
import { checkAtLeast, checkKind, checkText } from './checks.js';
import type { GraphContext } from './context.js';

/** Who may act on what. */
@Resolver()
export class LeaseResolver {
  @Mutation(() => RegisterControllerPayload, { description: 'Says which kinds this process serves. Comes first.' })
  async registerController(
    @Arg('input', () => RegisterControllerInput) input: RegisterControllerInput,
    @Ctx() { store, actor, registry }: GraphContext,
  ) {
    checkText(input.holder, ['holder']);
    input.kinds.forEach((kind, index) => {
      checkKind(registry, kind, ['kinds', index]);
    });
    await store.registerController(input, actor);
    return { holder: input.holder, kinds: input.kinds };
  }

  @Mutation(() => AcquiredLeasesPayload, {
    description:
      'Takes what is free, as far as its share goes among the registered controllers of the same kinds, and claims the rest of it.',
  })
  async acquireLeases(
    @Arg('input', () => AcquireLeasesInput) input: AcquireLeasesInput,
    @Ctx() { store, actor }: GraphContext,
  ) {
    checkAtLeast(input.ttlMs, 1, ['ttlMs']);
    input.keys.forEach((key, index) => {
      checkText(key, ['keys', index]);
    });
    return store.acquireLeases(input, actor);
  }

  @Mutation(() => LeasesPayload, { description: 'Whatever is missing from the answer is lost.' })
  async renewLeases(
    @Arg('input', () => RenewLeasesInput) input: RenewLeasesInput,
    @Ctx() { store, actor }: GraphContext,
  ) {
    checkAtLeast(input.ttlMs, 1, ['ttlMs']);
    return { leases: await store.renewLeases(input, actor) };
  }

  @Mutation(() => LeasesPayload)
  async releaseLeases(
    @Arg('input', () => ReleaseLeasesInput) input: ReleaseLeasesInput,
    @Ctx() { store, actor }: GraphContext,
  ) {
    return { leases: await store.releaseLeases(input, actor) };
  }
}
