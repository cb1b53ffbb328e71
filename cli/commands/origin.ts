import { type Command, Option } from 'commander';
import { BadInputError } from '../../lib/errors.js';
import { originText } from '../output/origin-text.js';
import { findSubject } from '../resources/find-subject.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace } from './options.js';

interface OriginOptions extends PlaceOptions {
  readonly output: 'text' | 'json';
}

/** `portolan origin [KIND] NAME [PATH]`. */
export function addOrigin(program: Command, session: Session): void {
  const command = program
    .command('origin')
    .argument('<words...>', 'an app instance and the path of a field; before them a kind, for what is none')
    .usage('[options] [kind] <name> <path>')
    .description('says where the value of a field comes from: the layer or manager that won, and what it overrode')
    .addOption(new Option('-o, --output <form>', 'how to print it').choices(['text', 'json']).default('text'));
  withPlace(command)
    .addHelpText(
      'after',
      '\nThe path may lead into what an app instance owns, may end anywhere above fields, and its end alone will do; . is all of it.\n\nExamples:\n  portolan origin wordpress db.storageGb --env dev\n  portolan origin wordpress wordpress.image\n  portolan origin tier prod .',
    )
    .action((words: readonly string[], options: OriginOptions) => tellOrigin(session, words, options));
}

async function tellOrigin(session: Session, words: readonly string[], options: OriginOptions): Promise<void> {
  const [path, ...subject] = [...words].reverse();
  if (path === undefined || subject.length === 0) {
    throw new BadInputError('Give a name and a path, such as: portolan origin wordpress db.storageGb');
  }
  const row = await findSubject(session, subject.reverse(), placeOf(options));
  const { sdk } = await session.plane();
  const asked = { resourceId: row.id, path: path === '.' ? '' : path };
  const { origin } = await sdk.GetOrigin(asked, { signal: session.signal });
  const { terminal, clock } = session;
  if (options.output === 'json') terminal.print(JSON.stringify(origin, null, 2));
  else terminal.print(originText(origin, { hasColour: terminal.hasColour, nowMs: clock.now() }).join('\n'));
}
