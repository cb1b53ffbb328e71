import { type Command, Option } from 'commander';
import { collect } from '../exporting/collect.js';
import { documentOf, holdsSecret } from '../exporting/documents.js';
import { inOrder } from '../exporting/in-order.js';
import { matchKind } from '../kinds/match-kind.js';
import { yamlText } from '../output/print-resources.js';
import { filterFor, lookFor, notFound } from '../resources/find-resource.js';
import type { ResourceFilter } from '../resources/list-resources.js';
import type { Session } from '../session.js';
import { collectLabels, type PlaceOptions, placeOf, withAsOf, withPlace } from './options.js';

interface ExportOptions extends PlaceOptions {
  readonly label?: readonly { key: string; value: string }[];
  readonly withDependencies?: boolean;
  readonly output: 'yaml' | 'json';
}

/** `portolan export [KIND [NAME]]`. */
export function addExport(program: Command, session: Session): void {
  const command = program
    .command('export')
    .argument('[kind]', 'a kind; left out: all')
    .argument('[name]', 'the name, or the id')
    .description('prints resources as files of them would be: what people, files and CI stated, for apply -f')
    .option('-l, --label <label=value>', 'only with this label; several: all of them', collectLabels)
    .option('--with-dependencies', 'also what they need: references, environment, project, and what these need')
    .addOption(new Option('-o, --output <form>', 'how to print it').choices(['yaml', 'json']).default('yaml'));
  withAsOf(withPlace(command), session.clock)
    .addHelpText(
      'after',
      '\nApplied to the same plane it changes nothing. Secrets are references that only this plane knows.\n\nExamples:\n  portolan export > plane.yaml\n  portolan export appinstance wordpress -e dev --with-dependencies',
    )
    .action((kind: string | undefined, name: string | undefined, options: ExportOptions) =>
      exportResources(session, kind, name, options),
    );
}

async function exportResources(
  session: Session,
  word: string | undefined,
  name: string | undefined,
  options: ExportOptions,
): Promise<void> {
  const { terminal } = session;
  const plane = await session.plane();
  const kinds = await plane.kindsWithSchemas();
  const filter = await filterOf(session, word, name, options);
  const { withDependencies = false, asOf } = options;
  const resources = inOrder(await collect(session, filter, { withDependencies, asOf }), kinds);
  if (resources.length === 0) return terminal.say('There is nothing to export.');
  const documents = resources.map((row) => documentOf(row, kinds));
  terminal.print(options.output === 'json' ? JSON.stringify(documents, null, 2) : yamlText(documents));
  const secrets = resources.filter((row) => holdsSecret(row.stated)).map((row) => `${row.kind} ${row.name}`);
  if (secrets.length > 0) {
    terminal.say(
      `Secrets are references that only this plane knows: ${secrets.join(', ')}. For another plane, write the value in the place of each $secret.`,
    );
  }
}

async function filterOf(
  session: Session,
  word: string | undefined,
  name: string | undefined,
  options: ExportOptions,
): Promise<ResourceFilter> {
  const place = placeOf(options);
  const labels = options.label ? { labels: options.label } : {};
  const kinds = await (await session.plane()).kinds();
  if (word === undefined) {
    const { project, environment } = place;
    return {
      kinds: kinds.filter((kind) => kind.isMadeByUser).map((kind) => kind.name),
      ...(project === undefined ? {} : { project }),
      ...(environment === undefined ? {} : { environment }),
      ...labels,
    };
  }
  const kind = matchKind(word, kinds);
  if (name === undefined) return { ...filterFor(kind, place), ...labels };
  const rows = await lookFor(session, kind, name, place);
  if (rows.length === 0) throw await notFound(session, kind, name, place);
  return { ids: rows.map((row) => row.id), ...labels };
}
