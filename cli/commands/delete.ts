import type { Command } from 'commander';
import { InterruptedError } from '../errors.js';
import { matchKind } from '../kinds/match-kind.js';
import { watchTree } from '../live/watch-tree.js';
import { secondsText } from '../output/duration.js';
import { findResource } from '../resources/find-resource.js';
import type { Session } from '../session.js';
import { defaultManager, type PlaceOptions, placeOf, withPlace, withTimeout } from './options.js';

interface DeleteOptions extends PlaceOptions {
  readonly wait?: boolean;
  readonly yes?: boolean;
  /** Forgets what it has outside; only some commands offer it. */
  readonly force?: boolean;
  readonly timeout: number;
}

/** `portolan delete KIND NAME`. */
export function addDelete(program: Command, session: Session): void {
  const command = program
    .command('delete')
    .argument('<kind>', 'a kind, or the beginning of it')
    .argument('<name>', 'the name, or the id')
    .description('deletes a resource and all that it owns')
    .option('-w, --wait', 'until it is gone')
    .option('-y, --yes', 'asks no questions');
  withTimeout(withPlace(command), 'how long to wait').action((kind: string, name: string, options: DeleteOptions) =>
    deleteResource(session, kind, name, options),
  );
}

/** Asks for the deletion of one resource; with `wait` shows it until it is gone. */
export async function deleteResource(
  session: Session,
  kindWord: string,
  name: string,
  options: DeleteOptions,
): Promise<void> {
  const { sdk, kinds } = await session.plane();
  const kind = matchKind(kindWord, await kinds());
  const row = await findResource(session, kind, name, placeOf(options));
  const title = `${row.kind} ${row.name}`;
  if (!options.yes)
    await confirm(session, questionOf(`${title}${row.environment ? ` in ${row.environment.name}` : ''}`, options));

  const edit = {
    op: 'DELETE' as const,
    kind: row.kind,
    name: row.name,
    project: row.project?.name ?? null,
    environment: row.environment?.name ?? null,
    ...(options.force ? { force: true } : {}),
  };
  const { apply } = await sdk.Apply({ input: { edits: [edit], manager: defaultManager } }, { signal: session.signal });
  if (apply.edits[0]?.result === 'removed') return session.terminal.print(`${title} is deleted.`);
  if (!options.wait) return session.terminal.print(`${title} is being deleted.`);
  const { tookMs } = await watchTree(session, {
    resourceId: row.id,
    title,
    until: 'deleted',
    timeoutMs: options.timeout,
  });
  session.terminal.print(`${title} is deleted, after ${secondsText(tookMs)}.`);
}

function questionOf(what: string, { force }: DeleteOptions): string {
  return force
    ? `Forget ${what} and all that is on it, and remove nothing of that outside? [y/N] `
    : `Delete ${what} and all that it owns? [y/N] `;
}

async function confirm(session: Session, question: string): Promise<void> {
  const answer = await session.ask(question);
  if (answer !== null && !/^y(es)?$/i.test(answer.trim())) throw new InterruptedError('Nothing was deleted.');
}
