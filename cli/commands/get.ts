import type { Command } from 'commander';
import { matchKind } from '../kinds/match-kind.js';
import { printResources } from '../output/print-resources.js';
import { filterFor, lookFor, notFound } from '../resources/find-resource.js';
import { listResources } from '../resources/list-resources.js';
import { timeOfMoment } from '../resources/moment.js';
import type { Session } from '../session.js';
import { collectLabels, type Output, type PlaceOptions, placeOf, withAsOf, withOutput, withPlace } from './options.js';

/** What `get` lists when no kind is named: what people care about most. */
const mainKind = 'AppInstance';

interface GetOptions extends PlaceOptions {
  readonly output: Output;
  readonly label?: readonly { key: string; value: string }[];
}

/** `portolan get [KIND] [NAME]`. */
export function addGet(program: Command, session: Session): void {
  const command = program
    .command('get')
    .argument('[kind]', 'a kind, singular or plural, or the beginning of it; left out: app instances')
    .argument('[name]', 'the name, or the id')
    .description('lists resources with their health');
  withAsOf(withOutput(withPlace(command)), session.clock)
    .option('-l, --label <label=value>', 'only with this label; several: all of them', collectLabels)
    .addHelpText(
      'after',
      '\nExamples:\n  portolan get\n  portolan get environments -o json\n  portolan get app wordpress -o yaml\n  portolan get -e dev --as-of 1h',
    )
    .action((kind: string | undefined, name: string | undefined, options: GetOptions) =>
      get(session, kind, name, options),
    );
}

async function get(
  session: Session,
  word: string | undefined,
  name: string | undefined,
  options: GetOptions,
): Promise<void> {
  const plane = await session.plane();
  const kind = matchKind(word ?? mainKind, await plane.kinds());
  const place = placeOf(options);
  if (name !== undefined) {
    const rows = await lookFor(session, kind, name, place);
    if (rows.length === 0) throw await notFound(session, kind, name, place);
    return printResources(session, rows, { output: options.output, kind, isOne: rows.length === 1, whenNone: '' });
  }
  const filter = { ...filterFor(kind, place), ...(options.label ? { labels: options.label } : {}) };
  const rows = await listResources(plane, filter, session.signal, place.asOf);
  const isFiltered = place.project !== undefined || place.environment !== undefined || options.label !== undefined;
  printResources(session, rows, {
    output: options.output,
    kind,
    isOne: false,
    nowMs: timeOfMoment(place.asOf, session.clock.now()),
    whenNone: `There are no ${kind.plural}${isFiltered ? ' that match' : ' yet'}.`,
  });
}
