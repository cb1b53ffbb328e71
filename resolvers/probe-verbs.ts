import { Arg, Ctx, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import type { Json } from '../lib/canonical.js';
import { AnswerProbeInput, AnswerProbePayload, ProbeMessage } from '../schema/probe.js';
import { checkAtLeast, checkText } from './checks.js';
import type { GraphContext } from './context.js';

/** The controllers' side of probes. */
@Resolver()
export class ProbeVerbs {
  @Subscription(() => ProbeMessage, {
    description:
      'What is asked of the holder of leases. Begins with SYNC. The newest one of a holder is the one that counts.',
    subscribe: ({ args, context }) => {
      const { probes, actor } = context as GraphContext;
      return probes.listen(checkText(String(args.holder), ['holder']), actor);
    },
  })
  probes(@Root() message: ProbeMessage, @Arg('holder', () => ID) _holder: string): ProbeMessage {
    return message;
  }

  @Mutation(() => AnswerProbePayload, {
    description: 'Answers when the asker has room for more, or has none for long.',
  })
  async answerProbe(
    @Arg('input', () => AnswerProbeInput) input: AnswerProbeInput,
    @Ctx() { probes, actor }: GraphContext,
  ): Promise<AnswerProbePayload> {
    checkAtLeast(input.serial, 0, ['serial']);
    const part = { ...input, chunks: input.chunks as readonly Json[], error: input.error ?? null };
    return { state: await probes.answer(part, actor) };
  }
}
