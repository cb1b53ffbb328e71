import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { RecordEventsInput, RecordEventsPayload } from '../schema/record-events.js';
import { checkId, storableText } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class RecordEventsResolver {
  @Mutation(() => RecordEventsPayload, { description: 'The same event again is counted.' })
  recordEvents(@Arg('input', () => RecordEventsInput) input: RecordEventsInput, @Ctx() { store, actor }: GraphContext) {
    const resourceId = checkId(input.resourceId, ['resourceId']);
    const events = input.events.map((event) => ({
      ...event,
      message: storableText(event.message),
      outside: event.outside ? { ...event.outside, id: storableText(event.outside.id) } : null,
    }));
    return store.recordEvents({ ...input, resourceId, events }, actor);
  }
}
