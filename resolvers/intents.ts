import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { BeginIntentInput, Intent, ResolveIntentInput } from '../schema/intents.js';
import type { GraphContext } from './context.js';
import { toBeginInput, toResolveInput } from './intent-inputs.js';

@Resolver()
export class IntentResolver {
  @Mutation(() => Intent, { description: 'Says, before a call that creates something, what is about to be created.' })
  beginIntent(@Arg('input', () => BeginIntentInput) input: BeginIntentInput, @Ctx() { store, actor }: GraphContext) {
    return store.beginIntent(toBeginInput(input), actor);
  }

  @Mutation(() => Intent)
  resolveIntent(
    @Arg('input', () => ResolveIntentInput) input: ResolveIntentInput,
    @Ctx() { store, actor }: GraphContext,
  ) {
    return store.resolveIntent(toResolveInput(input), actor);
  }
}
