import { Arg, Ctx, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { LogAnswer } from '../schema/logs.js';
import type { GraphContext } from './context.js';
import { followLogs, type LogArguments, readLogs } from './log-reads.js';

/** `logs` as a query is bounded and ends; as a subscription it follows. It is no live form of the query. */
@Resolver()
export class LogResolver {
  @Query(() => LogAnswer, {
    description:
      'The last lines of the containers of an AppInstance or a Workload, in the order of their time. tailLines is of each container: 100 if left out, at most 5,000.',
  })
  logs(
    @Arg('id', () => ID) id: string,
    @Arg('component', () => String, { nullable: true }) component: string | null,
    @Arg('pod', () => String, { nullable: true }) pod: string | null,
    @Arg('container', () => String, { nullable: true }) container: string | null,
    @Arg('previous', () => Boolean, { nullable: true }) previous: boolean | null,
    @Arg('tailLines', () => Int, { nullable: true }) tailLines: number | null,
    @Arg('sinceSeconds', () => Int, { nullable: true }) sinceSeconds: number | null,
    @Arg('timestamps', () => Boolean, { nullable: true }) timestamps: boolean | null,
    @Ctx() context: GraphContext,
  ): Promise<LogAnswer> {
    return readLogs({ id, component, pod, container, previous, tailLines, sinceSeconds, timestamps }, context);
  }
}

/** Apart from the query, for both are called `logs`. */
@Resolver()
export class LogSubscription {
  @Subscription(() => LogAnswer, {
    name: 'logs',
    description:
      'The last lines, then those that are written from now on, of pods and components that come later too. Ends when there is nothing left that could write one.',
    subscribe: ({ args, context }) => followLogs(args as LogArguments, context as GraphContext),
  })
  followLogs(
    @Root() answer: LogAnswer,
    @Arg('id', () => ID) _id: string,
    @Arg('component', () => String, { nullable: true }) _component: string | null,
    @Arg('pod', () => String, { nullable: true }) _pod: string | null,
    @Arg('container', () => String, { nullable: true }) _container: string | null,
    @Arg('previous', () => Boolean, { nullable: true }) _previous: boolean | null,
    @Arg('tailLines', () => Int, { nullable: true }) _tailLines: number | null,
    @Arg('sinceSeconds', () => Int, { nullable: true }) _sinceSeconds: number | null,
    @Arg('timestamps', () => Boolean, { nullable: true }) _timestamps: boolean | null,
  ): LogAnswer {
    return answer;
  }
}
