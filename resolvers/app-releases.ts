import type { GraphQLResolveInfo } from 'graphql';
import { Arg, type ClassType, Ctx, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import { checkPageSize } from '../db/read/page.js';
import { Release } from '../schema/release.js';
import type { GraphContext } from './context.js';
import { below } from './moment.js';
import type { ResourceView } from './resource-view.js';

/** `App.releases`. Takes the type, as it is derived. */
export function appReleases(app: ClassType): ClassType {
  @Resolver(() => app)
  class AppReleases {
    @FieldResolver(() => [Release], { description: 'Newest first; after: the number of the last one that was seen.' })
    async releases(
      @Root() root: ResourceView,
      @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
      @Arg('after', () => Int, { nullable: true }) after: number | null,
      @Ctx() context: GraphContext,
      @Info() info: GraphQLResolveInfo,
    ) {
      const { reads, readSet, loaders } = below(root, context);
      const page = { first: checkPageSize(first ?? 20), after: after ?? null };
      readSet?.ids([root.id]);
      return (await loaders.at(info, (ids) => reads.releases(ids, page), JSON.stringify(page)).load(root.id)) ?? [];
    }
  }
  return AppReleases;
}
