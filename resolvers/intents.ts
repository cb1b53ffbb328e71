import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { BeginIntentInput, Intent, ResolveIntentInput } from '../schema/intents.js';
import { checkId, checkObject } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class IntentResolver {
  @Mutation(() => Intent, { description: 'Says, before a call that creates something, what is about to be created.' })
  beginIntent(@Arg('input', () => BeginIntentInput) input: BeginIntentInput, @Ctx() { store, actor }: GraphContext) {
    return store.beginIntent({ ...input, resourceId: checkId(input.resourceId, ['resourceId']) }, actor);
  }

  @Mutation(() => Intent)
  resolveIntent(
    @Arg('input', () => ResolveIntentInput) input: ResolveIntentInput,
    @Ctx() { store, actor }: GraphContext,
  ) {
    const resourceId = checkId(input.resourceId, ['resourceId']);
    const id = checkId(input.id, ['id']);
    return store.resolveIntent(
      { resourceId, id, fence: input.fence, outcome: checkObject(input.outcome, ['outcome']) },
      actor,
    );
  }
}
