import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { OwnedObjectRow } from '../db/read/read-models.js';
import type { ResourceColumn, ResourceRow } from '../db/read/resource-row.js';
import type { Json } from '../lib/canonical.js';
import { LiveObject } from '../schema/live-object.js';
import { OwnedObject } from '../schema/owned-object.js';
import type { GraphContext } from './context.js';
import { checkReach } from './permissions.js';
import { readLiveObject } from './probe-answers.js';
import { ProbeUnavailableError } from './probes.js';

/** Each is a question to a controller and a request to a cluster. */
const MOST_OF_A_QUERY = 50;

@Resolver(() => OwnedObject)
export class LiveObjectField {
  @FieldResolver(() => LiveObject, {
    description: `As it is outside at this moment, asked of its controller: of at most ${MOST_OF_A_QUERY} objects in one query, and never in a live read.`,
  })
  async live(
    @Root() root: OwnedObjectRow,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<LiveObject> {
    if (context.readSet) return unavailable('A live read does not ask the cluster. Ask by a query.');
    const asked = (askedIn.get(context) ?? 0) + 1;
    askedIn.set(context, asked);
    if (asked > MOST_OF_A_QUERY)
      return unavailable(`A query can ask for ${MOST_OF_A_QUERY} live objects. Ask page by page.`);

    const owner = await ownerOf(root, context, info);
    if (!owner) return unavailable('The resource that owns it is gone.');
    checkReach(context.actor, owner);
    const { group, kind, namespace, name } = root;
    const { probes, signal } = context;
    try {
      const question = {
        resourceId: owner.id,
        kind: owner.kind,
        leaseKey: owner.leaseKey ?? null,
        question: 'live',
        input: { group, kind, namespace, name },
        signal,
      };
      // Read to its end, so that it counts as answered.
      const chunks: Json[] = [];
      for await (const chunk of probes.ask(question)) chunks.push(chunk);
      const [seen] = chunks;
      if (seen === undefined) return unavailable('The controller gave no answer.');
      return { ...readLiveObject(seen), unavailable: null };
    } catch (error) {
      if (error instanceof ProbeUnavailableError) return unavailable(error.message);
      throw error;
    }
  }
}

const askedIn = new WeakMap<GraphContext, number>();

const columns: ReadonlySet<ResourceColumn> = new Set<ResourceColumn>(['name', 'projectId', 'leaseKey']);

/** One statement for all objects at this place of the document. */
function ownerOf({ resourceId }: OwnedObjectRow, context: GraphContext, info: GraphQLResolveInfo) {
  const load = async (ids: readonly string[]) =>
    new Map((await context.reads.resourcesByIds(ids, columns)).map((row) => [row.id, row]));
  return context.loaders.at<ResourceRow>(info, load, 'owner').load(resourceId);
}

function unavailable(why: string): LiveObject {
  return { manifest: null, differences: [], unavailable: why };
}
