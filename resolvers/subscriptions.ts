import { Arg, Resolver, Root, Subscription } from 'type-graphql';
import type { Wake } from '../db/contract.js';
import { ResourceFilter } from '../schema/filters.js';
import { ChangeMessage, WatchFilter, WatchMessage } from '../schema/watch.js';
import { type ChangesArguments, openChanges } from './changes.js';
import type { GraphContext } from './context.js';
import { openWatch, type WatchArguments } from './watch.js';

/** The two subscriptions of their own. The live forms of queries are added to the schema by live-fields. */
@Resolver()
export class Subscriptions {
  @Subscription(() => WatchMessage, {
    description:
      'Wakes of controllers, coalesced. Begins with SYNC, and again whenever something may have been missed.',
    subscribe: ({ args, context }) => openWatch(args as WatchArguments, context as GraphContext),
  })
  watch(
    @Root() wake: Wake,
    @Arg('kinds', () => [String]) _kinds: string[],
    @Arg('filter', () => WatchFilter, { nullable: true }) _filter: WatchFilter | null,
  ): WatchMessage {
    return wake;
  }

  @Subscription(() => ChangeMessage, {
    description:
      'The log of changes after a cursor: complete, in order, a commit at a time. Without a cursor it begins now, with SYNC. CURSOR_EXPIRED: begin without one.',
    subscribe: ({ args, context }) => openChanges(args as ChangesArguments, context as GraphContext),
  })
  changes(
    @Root() message: ChangeMessage,
    @Arg('after', () => String, { nullable: true }) _after: string | null,
    @Arg('filter', () => ResourceFilter, { nullable: true }) _filter: ResourceFilter | null,
  ): ChangeMessage {
    return message;
  }
}
