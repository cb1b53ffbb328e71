import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from 'type-graphql';
import type { RevisionFilter as Filter } from '../db/read/filters.js';
import { checkPageSize } from '../db/read/page.js';
import type { RevisionRow } from '../db/read/read-models.js';
import { revisionKey } from '../db/read/revision-reads.js';
import type { JsonObject } from '../lib/canonical.js';
import { revisionFields } from '../model/revision-fields.js';
import { ChangedField } from '../schema/changed-field.js';
import { RevisionFilter } from '../schema/filters.js';
import { Revision, RevisionConnection } from '../schema/revision.js';
import { readConnection } from './connection.js';
import type { GraphContext } from './context.js';
import { revisionFilter } from './filter.js';
import { recordPlaces } from './place-ids.js';
import { DEFAULT_PAGE_SIZE } from './resource-reads.js';
import { selectionOf } from './selection.js';

/** The log as a list, and what each entry of it changed. */
@Resolver(() => Revision)
export class RevisionResolver {
  @Query(() => RevisionConnection, {
    description: 'The log of changes, newest first, also of what is gone: who changed what, when.',
  })
  async revisions(
    @Arg('filter', () => RevisionFilter, { nullable: true }) input: RevisionFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) given: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { reads } = context;
    const filter = revisionFilter(input, context.registry);
    const first = checkPageSize(given ?? DEFAULT_PAGE_SIZE);
    const recorded = recordLog(filter, context);
    const connection = readConnection(
      selectionOf(info),
      after !== null,
      {
        page: () => reads.listRevisions(filter, { first, after }),
        count: () => reads.countRevisions(filter),
      },
      (row) => row,
    );
    const [found] = await Promise.all([connection, recorded]);
    return found;
  }

  @FieldResolver(() => [ChangedField], {
    description: 'What it changed of desired state or of the status; none for other entries.',
  })
  async fields(@Root() root: RevisionRow, @Ctx() { reads, loaders }: GraphContext, @Info() info: GraphQLResolveInfo) {
    const { op, document } = root;
    if (document === null || !withDocument.has(op)) return [];
    const before = await loaders.at<JsonObject>(info, (keys) => reads.documentsBefore(keys)).load(revisionKey(root));
    return revisionFields(op === 'status' ? 'status' : 'desired', before, document);
  }
}

/** What is gone gets no entries any more, so that the names of what is there will do. */
async function recordLog(filter: Filter, context: GraphContext): Promise<void> {
  const { readSet } = context;
  if (!readSet) return;
  const { resourceId, kinds, names, ops } = filter;
  readSet.predicate({
    ...(resourceId !== undefined && { ids: [resourceId] }),
    ...(kinds && { kinds }),
    ...(names && { names }),
    ...(ops && { ops }),
    ...(await recordPlaces(filter, context)),
  });
}

const withDocument: ReadonlySet<RevisionRow['op']> = new Set(['created', 'updated', 'deletionRequested', 'status']);
