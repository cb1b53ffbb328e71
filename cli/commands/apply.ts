import type { Command } from 'commander';
import { readChanges, type StatedResource } from '../files/read-changes.js';
import { readSources } from '../files/read-sources.js';
import { paint } from '../output/colour.js';
import type { Session } from '../session.js';
import { withManager } from './options.js';

interface ApplyOptions {
  readonly file: readonly string[];
  readonly manager: string;
  readonly takeOver?: boolean;
  readonly dryCheck?: boolean;
  readonly project?: string;
  readonly env?: string;
}

/** `portolan apply -f FILE`. */
export function addApply(program: Command, session: Session): void {
  const command = program
    .command('apply')
    .description('states resources from files: makes what is not there, changes what differs; all of it or nothing')
    .requiredOption('-f, --file <path...>', 'a file, a folder, a glob, or - for standard input')
    .option('--dry-check', 'only checks the files; changes nothing')
    .option('-p, --project <name>', 'for documents that name no project')
    .option('-e, --env <name>', 'for documents that name no environment and need one');
  withManager(command)
    .addHelpText(
      'after',
      '\nExample:\n  portolan apply -f examples/wordpress/environment.yaml -f examples/wordpress/app.yaml',
    )
    .action((options: ApplyOptions) => apply(session, options));
}

async function apply(session: Session, options: ApplyOptions): Promise<void> {
  const plane = await session.plane();
  const { documents, reader } = await readSources(session, options.file);
  const stated = await readChanges(documents, await plane.kindsWithSchemas(), reader);
  if (options.dryCheck) {
    for (const { kind, name, place } of stated) session.terminal.print(`${kind.name} ${name}  fine  (${place})`);
    return session.terminal.say('Nothing was changed.');
  }
  await applyEdits(
    session,
    stated.map((resource) => editOf(resource, options)),
    options,
  );
}

/** The edit that states a document. */
export function editOf(
  { kind, name, project, environment, labels, spec }: StatedResource,
  place: { project?: string; env?: string },
) {
  const inEnvironment = environment ?? (kind.scope === 'environment' ? (place.env ?? null) : null);
  return {
    op: 'APPLY' as const,
    kind: kind.name,
    name,
    project: kind.scope === 'plane' ? null : (project ?? place.project ?? null),
    environment: inEnvironment,
    spec,
    ...(labels === null ? {} : { labels }),
  };
}

type Edits = Parameters<Awaited<ReturnType<Session['plane']>>['sdk']['Apply']>[0]['input']['edits'];

/** Commits edits and prints a line for each. Returns what became of them. */
export async function applyEdits(
  session: Session,
  edits: Edits,
  options: { readonly manager: string; readonly takeOver?: boolean },
) {
  const { sdk } = await session.plane();
  const input = { edits, manager: options.manager, takeOver: options.takeOver ?? false };
  const { apply: payload } = await sdk.Apply({ input }, { signal: session.signal });
  for (const { kind, name, result } of payload.edits) {
    session.terminal.print(
      `${kind} ${name}  ${paint(words[result] ?? result, result === 'unchanged' ? 'grey' : 'green', session.terminal.hasColour)}`,
    );
  }
  return payload.edits;
}

const words: Readonly<Record<string, string>> = { deletionRequested: 'is being deleted' };
