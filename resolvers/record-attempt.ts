import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { RecordAttemptInput, RecordAttemptPayload } from '../schema/record-attempt.js';
import { checkAtLeast, checkId, storableText } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class RecordAttemptResolver {
  @Mutation(() => RecordAttemptPayload)
  async recordAttempt(
    @Arg('input', () => RecordAttemptInput) input: RecordAttemptInput,
    @Ctx() { store, actor }: GraphContext,
  ) {
    const resourceId = checkId(input.resourceId, ['resourceId']);
    checkAtLeast(input.count, 0, ['count']);
    const lastError = storableText(input.lastError);
    await store.recordAttempt({ ...input, resourceId, lastError, nextRetryAt: input.nextRetryAt ?? null }, actor);
    return { count: input.count };
  }
}
