import { type Command, Option } from 'commander';
import { ageOf } from '../../lib/age.js';
import { allPages } from '../../sdk/pages.js';
import { DifferencesError } from '../errors.js';
import { fieldLine } from '../output/difference-text.js';
import { findSubject } from '../resources/find-subject.js';
import { listResources } from '../resources/list-resources.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace } from './options.js';

interface DriftOptions extends PlaceOptions {
  readonly output: 'text' | 'json';
  readonly exitCode?: boolean;
}

/** `portolan drift [[KIND] NAME]`. */
export function addDrift(program: Command, session: Session): void {
  const command = program
    .command('drift')
    .argument('[name...]', 'a name, or the id; before it the kind (left out: app instances). Without: everything')
    .usage('[options] [[kind] <name>]')
    .description('lists objects in clusters that differ from what is desired, field by field, and who changed them')
    .option('--exit-code', `exits with 1 when there is drift`)
    .addOption(new Option('-o, --output <form>', 'how to print it').choices(['text', 'json']).default('text'));
  withPlace(command).action((words: readonly string[], options: DriftOptions) => drift(session, words, options));
}

async function drift(session: Session, words: readonly string[], options: DriftOptions): Promise<void> {
  const { sdk } = await session.plane();
  const { terminal, clock, signal } = session;
  const place = placeOf(options);
  const subject = words.length === 0 ? null : await findSubject(session, words, place);
  const filter = {
    isDrifted: true,
    ...(subject && { resourceId: subject.id, withChildren: true }),
    ...(place.project !== undefined && { project: place.project }),
    ...(place.environment !== undefined && { environment: place.environment }),
  };
  const objects = await allPages(async (after) => (await sdk.FindObjects({ filter, after }, { signal })).objects);
  if (options.output === 'json') terminal.print(JSON.stringify(objects, null, 2));
  else if (objects.length === 0) terminal.say(await nothingDiffers(session));
  else {
    for (const { kind, namespace, name, resource, drift: differences } of objects) {
      const where = resource?.environment ? ` in ${resource.environment.name}` : '';
      const owner = resource?.owner ?? resource;
      terminal.print(
        `${owner?.kind ?? 'Resource'} ${owner?.name ?? '?'}${where}: ${[kind, namespace, name].filter(Boolean).join('/')}`,
      );
      for (const difference of differences ?? []) {
        const since = difference.at === null ? '' : `, ${ageOf(difference.at, clock.now())} ago`;
        const by = difference.manager === null ? '' : `  by ${difference.manager}${since}`;
        terminal.print(`  ${fieldLine(difference, terminal.hasColour)}${by}`);
      }
    }
  }
  if (options.exitCode && objects.length > 0) {
    throw new DifferencesError(
      `${objects.length} ${objects.length === 1 ? 'object differs' : 'objects differ'} from what is desired.`,
    );
  }
}

/** What cannot be seen now may differ by now, so it is not said to be as desired. */
async function nothingDiffers(session: Session): Promise<string> {
  const filter = { kinds: ['KubernetesRuntime'], health: ['Unknown' as const] };
  const away = await listResources(await session.plane(), filter, session.signal);
  if (away.length === 0) return 'Every object is as desired.';
  const names = away.map(({ name }) => name).join(', ');
  return `Every object was as desired when it was last seen. Not seen now: what is on ${names}.`;
}
