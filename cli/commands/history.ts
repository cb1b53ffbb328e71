import { type Command, Option } from 'commander';
import { BadInputError } from '../../lib/errors.js';
import type { ListHistoryQueryVariables } from '../../sdk/generated/operations.js';
import { matchKind } from '../kinds/match-kind.js';
import { historyText } from '../output/history-text.js';
import { findResource, isId, notFound } from '../resources/find-resource.js';
import { mainKind, withSubject } from '../resources/find-subject.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, wholeNumber, withPlace } from './options.js';

interface HistoryOptions extends PlaceOptions {
  readonly limit: number;
  readonly status?: boolean;
  readonly output: 'text' | 'json';
}

type RevisionFilter = NonNullable<ListHistoryQueryVariables['filter']>;

/** `portolan history [KIND] NAME`. */
export function addHistory(program: Command, session: Session): void {
  const command = withSubject(program.command('history'))
    .description('lists who changed what of a resource and when, the newest first, also of one that is gone')
    .option('--limit <count>', 'how many changes', wholeNumber, 20)
    .option('--status', 'also what its controller reported')
    .addOption(new Option('-o, --output <form>', 'how to print it').choices(['text', 'json']).default('text'));
  withPlace(command)
    .addHelpText('after', '\nThe time or the cursor of a change can be given to: portolan get --as-of')
    .action((words: readonly string[], options: HistoryOptions) => history(session, words, options));
}

async function history(session: Session, words: readonly string[], options: HistoryOptions): Promise<void> {
  const { terminal, signal } = session;
  const { sdk, kinds } = await session.plane();
  const [first = '', second, ...rest] = words;
  if (rest.length > 0) throw new BadInputError(`"${words.join(' ')}" is too much: give a kind and a name.`);
  const kind = matchKind(second === undefined ? mainKind : first, await kinds());
  const name = second ?? first;
  const place = placeOf(options);
  const filter: RevisionFilter = {
    ...(await subjectOf()),
    ops: ['created', 'updated', 'deletionRequested', 'removed', ...(options.status ? (['status'] as const) : [])],
  };
  const { revisions } = await sdk.ListHistory({ filter, first: options.limit }, { signal });
  if (revisions.nodes.length === 0) throw await notFound(session, kind, name, place);
  if (options.output === 'json') terminal.print(JSON.stringify(revisions.nodes, null, 2));
  else terminal.print(historyText(revisions.nodes, terminal.hasColour).join('\n'));
  if (revisions.pageInfo.hasNextPage) terminal.say('There are older changes: --limit shows more.');

  /** By its names, so that it may be gone; what is owned is found by its owner, which must be there. */
  async function subjectOf(): Promise<RevisionFilter> {
    if (isId(name)) return { resourceId: name };
    if (kind.scope === 'owner') return { resourceId: (await findResource(session, kind, name, place)).id };
    return {
      kinds: [kind.name],
      names: [name],
      ...(place.project !== undefined && kind.scope !== 'plane' ? { project: place.project } : {}),
      ...(place.environment !== undefined && kind.scope === 'environment' ? { environment: place.environment } : {}),
    };
  }
}
