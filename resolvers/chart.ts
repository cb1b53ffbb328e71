import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import type { AskedMoment } from '../lib/moment.js';
import { Chart } from '../schema/chart.js';
import { MomentScalar } from '../schema/moment.js';
import { checkId } from './checks.js';
import type { GraphContext } from './context.js';
import { atAsked } from './moment.js';
import { resourceColumnsOf } from './resource-columns.js';
import { resourceView } from './resource-view.js';
import { selectionOf } from './selection.js';

@Resolver()
export class ChartResolver {
  @Query(() => Chart, {
    nullable: true,
    description: 'What a resource depends on, as a graph. null when there is no such resource.',
  })
  async chart(
    @Arg('id', () => ID) id: string,
    @Arg('asOf', () => MomentScalar, { nullable: true }) asOf: AskedMoment | null,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const at = await atAsked(asOf, context);
    const { reads, readSet } = at;
    readSet?.ids([checkId(id, ['id'])]);
    const reached = await reads.reached(id, MAX_NODES + 1);
    if (reached.length === 0) return null;
    const ids = reached.slice(0, MAX_NODES);
    // A new edge is a change of the resource that it starts from, or leads to what is new from its owner.
    readSet?.ids(ids);
    readSet?.predicate({ ownerIds: ids, ops: ['created'] });
    const rows = await reads.resourcesByIds(ids, resourceColumnsOf(selectionOf(info).at('nodes')));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const nodes = ids.flatMap((known) => byId.get(known) ?? []).map((row) => resourceView(row, at));
    return { nodes, isComplete: reached.length <= MAX_NODES };
  }
}

/** As many as a page has at most: more than a person can look at. */
const MAX_NODES = 500;
