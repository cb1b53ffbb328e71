import { type Command, Option } from 'commander';
import { ageOf } from '../../lib/age.js';
import type { ListEventsQuery, ListEventsQueryVariables } from '../../sdk/generated/operations.js';
import { paint } from '../output/colour.js';
import { type Cell, renderTable } from '../output/table.js';
import { findSubject } from '../resources/find-subject.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, wholeNumber, withPlace } from './options.js';

interface EventsOptions extends PlaceOptions {
  readonly follow?: boolean;
  readonly limit: number;
  readonly warnings?: boolean;
  readonly output: 'table' | 'json';
}

type EventRow = ListEventsQuery['events']['nodes'][number];

/** `portolan events [[KIND] NAME]`. */
export function addEvents(program: Command, session: Session): void {
  const command = program
    .command('events')
    .argument('[name...]', 'a name, or the id; before it the kind (left out: app instances). Without: of everything')
    .usage('[options] [[kind] <name>]')
    .description('lists what happened to a resource and to what it owns, the newest last')
    .option('-f, --follow', 'goes on until Ctrl-C')
    .option('--warnings', 'only warnings')
    .option('--limit <count>', 'how many', wholeNumber, 50)
    .addOption(new Option('-o, --output <form>', 'how to print them').choices(['table', 'json']).default('table'));
  withPlace(command).action((words: readonly string[], options: EventsOptions) => events(session, words, options));
}

async function events(session: Session, words: readonly string[], options: EventsOptions): Promise<void> {
  const plane = await session.plane();
  const { signal } = session;
  const filter = await filterOf(session, words, options);
  const { events: page } = await plane.sdk.ListEvents({ filter, first: options.limit }, { signal });
  const rows = [...page.nodes].reverse();
  print(session, rows, options);
  if (!options.follow) return;
  const known = new Map(rows.map((event) => [event.id, event.count]));
  for await (const answer of plane.sdk.LiveEvents({ filter, first: options.limit }, { signal })) {
    const fresh = [...answer.events.nodes].reverse().filter((event) => known.get(event.id) !== event.count);
    for (const event of fresh) {
      known.set(event.id, event.count);
      session.terminal.print(options.output === 'json' ? JSON.stringify(event) : lineOf(session, event));
    }
  }
}

async function filterOf(
  session: Session,
  words: readonly string[],
  options: EventsOptions,
): Promise<NonNullable<ListEventsQueryVariables['filter']>> {
  const type = options.warnings ? { type: 'Warning' as const } : {};
  const { project, environment } = placeOf(options);
  if (words.length === 0)
    return {
      ...type,
      ...(project === undefined ? {} : { project }),
      ...(environment === undefined ? {} : { environment }),
    };
  const row = await findSubject(session, words, placeOf(options));
  return { ...type, resourceId: row.id, withChildren: true };
}

function print({ terminal, clock }: Session, rows: readonly EventRow[], options: EventsOptions): void {
  if (options.output === 'json') {
    terminal.print(
      options.follow ? rows.map((event) => JSON.stringify(event)).join('\n') : JSON.stringify(rows, null, 2),
    );
    return;
  }
  if (rows.length === 0) {
    terminal.say('There are no events.');
    return;
  }
  const columns = ['LAST SEEN', 'TYPE', 'REASON', 'OF', 'ABOUT', 'TIMES', 'MESSAGE'].map((header) => ({ header }));
  const cells = rows.map((event): readonly Cell[] => [
    { text: ageOf(event.lastAt, clock.now()) },
    { text: event.type, colour: event.type === 'Warning' ? 'yellow' : null },
    { text: event.reason },
    { text: ownerText(event) },
    { text: event.object },
    { text: String(event.count) },
    { text: event.message },
  ]);
  terminal.print(renderTable(columns, cells, terminal).join('\n'));
}

function lineOf({ terminal }: Session, event: EventRow): string {
  const type = paint(event.type, event.type === 'Warning' ? 'yellow' : null, terminal.hasColour);
  const about = event.object === '' ? '' : `  ${event.object}`;
  const times = event.count > 1 ? ` (${event.count} times)` : '';
  return `${event.lastAt}  ${type}  ${event.reason}  ${ownerText(event)}${about}  ${event.message}${times}`;
}

function ownerText(event: EventRow): string {
  return event.resource ? `${event.resource.kind} ${event.resource.name}` : event.resourceId;
}
