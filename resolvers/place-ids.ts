import type { ReadModels } from '../db/read/read-models.js';
import type { ReadPredicate } from '../db/read/read-set.js';
import type { GraphContext } from './context.js';

/** Places as filters name them. */
export interface PlaceNames {
  readonly project?: string;
  readonly environment?: string;
}

/**
 * The same as ids, as predicates have them: no ids where nothing is of that name. What comes to have one of these names,
 * or has it no more, is recorded as looked at, for the ids are others then.
 */
export async function recordPlaces(
  { project, environment }: PlaceNames,
  { reads, readSet }: GraphContext,
): Promise<Pick<ReadPredicate, 'projectIds' | 'environmentIds'>> {
  const within = project === undefined ? {} : { project };
  const [projectIds, environmentIds] = await Promise.all([
    project === undefined ? null : placeIds(reads, 'Project', project, {}),
    environment === undefined ? null : placeIds(reads, 'Environment', environment, within),
  ]);
  const ops = ['created', 'removed'] as const;
  if (project !== undefined) readSet?.predicate({ kinds: ['Project'], names: [project], ops });
  if (environment !== undefined) readSet?.predicate({ kinds: ['Environment'], names: [environment], ops });
  return { ...(projectIds && { projectIds }), ...(environmentIds && { environmentIds }) };
}

/** Environments of several projects may have one name. null: there are too many to tell. */
export async function placeIds(
  reads: ReadModels,
  kind: 'Project' | 'Environment',
  name: string,
  within: Pick<PlaceNames, 'project'>,
): Promise<readonly string[] | null> {
  const page = { first: MAX_SAME_NAME, after: null, order: 'NAME', looksAhead: true } as const;
  const { rows, hasNextPage } = await reads.listResources(
    { kinds: [kind], names: [name], ...within },
    page,
    NO_COLUMNS,
  );
  return hasNextPage ? null : rows.map(({ id }) => id);
}

const MAX_SAME_NAME = 500;
const NO_COLUMNS = new Set<never>();
