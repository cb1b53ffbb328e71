import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { desiredOps } from '../db/read/read-set.js';
import { LimitExceededError, NotFoundError } from '../lib/errors.js';
import { whatIf } from '../model/what-if.js';
import { WhatIf } from '../schema/what-if.js';
import { checkId } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class WhatIfResolver {
  @Query(() => WhatIf, {
    description:
      'What would break, what would stand in the way and what would go along if these resources were deleted.',
  })
  async whatIf(@Arg('remove', () => [ID]) remove: string[], @Ctx() context: GraphContext): Promise<WhatIf> {
    if (remove.length > MOST_REMOVED)
      throw new LimitExceededError(`At most ${MOST_REMOVED} can be asked about at once.`);
    const ids = remove.map((id, index) => checkId(id, ['remove', index]));
    // Whatever comes to refer to any of them is of concern, and nobody knows of what kind that will be.
    context.readSet?.predicate({ ops: desiredOps });
    const graph = await context.reads.whatIfGraph(ids);
    const missing = ids.find((id) => !graph.resources.some((resource) => resource.id === id));
    if (missing !== undefined) {
      throw new NotFoundError(`There is no resource ${missing}.`, { path: ['remove', ids.indexOf(missing)] });
    }
    return whatIf(graph);
  }
}

const MOST_REMOVED = 50;
