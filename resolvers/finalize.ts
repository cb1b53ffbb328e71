import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { FinalizeInput, FinalizePayload } from '../schema/finalize.js';
import { checkId } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class FinalizeResolver {
  @Mutation(() => FinalizePayload, { description: 'Refused while it has objects or dependents.' })
  async finalize(@Arg('input', () => FinalizeInput) input: FinalizeInput, @Ctx() { store, actor }: GraphContext) {
    const resourceId = checkId(input.resourceId, ['resourceId']);
    await store.finalize({ ...input, resourceId }, actor);
    return { resourceId };
  }
}
