import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { EventsInput } from '../db/contract.js';
import { RecordEventsInput, RecordEventsPayload } from '../schema/record-events.js';
import { checkId, type InputPath, storableText } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class RecordEventsResolver {
  @Mutation(() => RecordEventsPayload, { description: 'The same event again is counted.' })
  recordEvents(@Arg('input', () => RecordEventsInput) input: RecordEventsInput, @Ctx() { store, actor }: GraphContext) {
    return store.recordEvents(toEventsInput(input), actor);
  }
}

/** Throws BadInputError for what cannot be stored; `at` is where the input stands. */
export function toEventsInput(input: RecordEventsInput, at: InputPath = []): EventsInput {
  return {
    ...input,
    resourceId: checkId(input.resourceId, [...at, 'resourceId']),
    events: input.events.map((event) => ({
      ...event,
      message: storableText(event.message),
      outside: event.outside ? { ...event.outside, id: storableText(event.outside.id) } : null,
    })),
  };
}
