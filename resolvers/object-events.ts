import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import { subjectKey } from '../db/read/event-reads.js';
import type { OwnedObjectRow } from '../db/read/read-models.js';
import { EventConnection } from '../schema/event.js';
import { OwnedObject } from '../schema/owned-object.js';
import { batchedConnection } from './batched-connection.js';
import type { GraphContext } from './context.js';
import { eventColumnsOf } from './event-columns.js';
import { selectionOf } from './selection.js';

@Resolver(() => OwnedObject)
export class ObjectEvents {
  @FieldResolver(() => EventConnection, {
    description: 'Newest first: its own, and those of pods and the like that belong to it.',
  })
  events(
    @Root() root: OwnedObjectRow,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { reads, readSet } = context;
    readSet?.ids([root.resourceId]);
    const { resourceId, kind, namespace, name } = root;
    const title = namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
    return batchedConnection(
      subjectKey(resourceId, title),
      { first: first ?? 20, after: after ?? null },
      context,
      info,
      {
        page: (keys, page) => reads.eventsOfObjects(keys, { ...page, columns: eventColumnsOf(selectionOf(info)) }),
        count: (keys) => reads.countEventsOfObjects(keys),
      },
      (row) => row,
    );
  }
}
