import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from 'type-graphql';
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
import { DEFAULT_PAGE_SIZE } from './resource-reads.js';
import { selectionOf } from './selection.js';

/** The log as a list, and what each entry of it changed. */
@Resolver(() => Revision)
export class RevisionResolver {
  @Query(() => RevisionConnection, {
    description: 'The log of changes, newest first, also of what is gone: who changed what, when.',
  })
  revisions(
    @Arg('filter', () => RevisionFilter, { nullable: true }) input: RevisionFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) given: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { reads, readSet, registry }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const filter = revisionFilter(input, registry);
    const first = checkPageSize(given ?? DEFAULT_PAGE_SIZE);
    if (filter.resourceId) readSet?.ids([filter.resourceId]);
    else readSet?.predicate(filter.kinds ? { kinds: filter.kinds } : {});
    return readConnection(
      selectionOf(info),
      after !== null,
      {
        page: () => reads.listRevisions(filter, { first, after }),
        count: () => reads.countRevisions(filter),
      },
      (row) => row,
    );
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

const withDocument: ReadonlySet<RevisionRow['op']> = new Set(['created', 'updated', 'deletionRequested', 'status']);
