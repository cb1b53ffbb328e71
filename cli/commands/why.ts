import { type Command, Option } from 'commander';
import { NotSettledError } from '../errors.js';
import { whyText } from '../output/why-text.js';
import { findSubject, withSubject } from '../resources/find-subject.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace } from './options.js';

interface WhyOptions extends PlaceOptions {
  readonly output: 'text' | 'json';
}

/** `portolan why [KIND] NAME`. */
export function addWhy(program: Command, session: Session): void {
  const command = withSubject(program.command('why'))
    .description('says why a resource is not as it should be: root causes, since when, next try, and what to do')
    .addOption(new Option('-o, --output <form>', 'how to print it').choices(['text', 'json']).default('text'));
  withPlace(command)
    .addHelpText('after', '\nExits with 0 when it is settled, and with 1 when it is not.')
    .action((words: readonly string[], options: WhyOptions) => explainWhy(session, words, options));
}

async function explainWhy(session: Session, words: readonly string[], options: WhyOptions): Promise<void> {
  const { terminal, clock, signal } = session;
  const { sdk } = await session.plane();
  const row = await findSubject(session, words, placeOf(options));
  const { why } = await sdk.GetWhy({ resourceId: row.id }, { signal });
  const { id, kind, name } = row;
  const subject = {
    id,
    kind,
    name,
    project: row.project?.name ?? null,
    environment: row.environment?.name ?? null,
    health: why.health,
  };
  if (options.output === 'json') terminal.print(JSON.stringify({ resource: subject, ...why }, null, 2));
  else terminal.print(whyText(subject, why, { terminal, nowMs: clock.now() }).join('\n'));
  if (!why.isSettled) throw new NotSettledError(`${kind} ${name} is not settled.`);
}
