import { type Command, Option } from 'commander';
import { whatIfText } from '../output/what-if-text.js';
import { findSubject, withSubject } from '../resources/find-subject.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace } from './options.js';

interface WhatIfOptions extends PlaceOptions {
  readonly output: 'text' | 'json';
}

/** `portolan what-if delete [KIND] NAME`. */
export function addWhatIf(program: Command, session: Session): void {
  const parent = program.command('what-if').description('says what would happen; changes nothing');
  const command = withSubject(parent.command('delete'))
    .description('says what would break, what stands in the way and what goes along if a resource were deleted')
    .addOption(new Option('-o, --output <form>', 'how to print it').choices(['text', 'json']).default('text'));
  withPlace(command)
    .addHelpText('after', '\nExample:\n  portolan what-if delete kubernetesruntime prod')
    .action(async (words: readonly string[], options: WhatIfOptions) => {
      const { terminal, signal } = session;
      const { sdk } = await session.plane();
      const { id } = await findSubject(session, words, placeOf(options));
      const { whatIf } = await sdk.GetWhatIf({ remove: [id] }, { signal });
      if (options.output === 'json') terminal.print(JSON.stringify(whatIf, null, 2));
      else terminal.print(whatIfText(whatIf, terminal).join('\n'));
    });
}
