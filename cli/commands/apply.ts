import type { Command } from 'commander';
import { BadInputError } from '../../lib/errors.js';
import { placedError } from '../files/placed-error.js';
import { readChanges } from '../files/read-changes.js';
import { readSources } from '../files/read-sources.js';
import { paint } from '../output/colour.js';
import { keptLine } from '../output/kept-text.js';
import { type Agreed, agreeTo } from '../planning/agree.js';
import { readPlanFile } from '../planning/plan-file.js';
import type { Edits } from '../planning/plan-input.js';
import { statedEdit } from '../planning/stated-edit.js';
import type { Session } from '../session.js';
import { defaultManager, withManager, withPlanHash, withYes } from './options.js';

interface ApplyOptions {
  readonly file?: readonly string[];
  readonly plan?: string;
  readonly planHash?: string;
  readonly manager: string;
  readonly takeOver?: boolean;
  readonly dryCheck?: boolean;
  readonly yes?: boolean;
  readonly project?: string;
  readonly env?: string;
}

/** `portolan apply -f FILE` and `portolan apply --plan FILE`. */
export function addApply(program: Command, session: Session): void {
  const command = program
    .command('apply')
    .description('states resources from files: makes what is not there, changes what differs; all of it or nothing')
    .option('-f, --file <path...>', 'a file, a folder, a glob, or - for standard input')
    .option('--plan <file>', 'what plan --out saved: just that, or nothing')
    .option('--dry-check', 'only checks the files; changes nothing')
    .option('-p, --project <name>', 'for documents that name no project')
    .option('-e, --env <name>', 'for documents that name no environment and need one');
  withManager(withPlanHash(withYes(command)))
    .addHelpText(
      'after',
      '\nExample:\n  portolan apply -f examples/wordpress/environment.yaml -f examples/wordpress/app.yaml',
    )
    .action((options: ApplyOptions) => apply(session, options));
}

async function apply(session: Session, options: ApplyOptions): Promise<void> {
  if (options.plan !== undefined) return applyPlan(session, options.plan, options);
  if (options.file === undefined) throw new BadInputError('Say what to apply: files with -f, or a plan with --plan.');
  const plane = await session.plane();
  const { documents, reader } = await readSources(session, options.file);
  const stated = await readChanges(documents, await plane.kindsWithSchemas(), reader);
  if (options.dryCheck) {
    for (const { kind, name, place } of stated) session.terminal.print(`${kind.name} ${name}  fine  (${place})`);
    return session.terminal.say('Nothing was changed.');
  }
  const edits = stated.map((resource) => statedEdit(resource, options));
  try {
    await applyEdits(session, edits, { ...options, ...(await agreeTo(session, edits, 'Apply this?', options)) });
  } catch (error) {
    throw placedError(error, stated);
  }
}

/** It was seen when it was made, so nobody is asked. */
async function applyPlan(session: Session, path: string, { file, planHash, dryCheck }: ApplyOptions): Promise<void> {
  if (file !== undefined || planHash !== undefined || dryCheck) {
    throw new BadInputError('A plan says itself what to apply: give --plan alone.');
  }
  const { input, hash, cursor } = await readPlanFile(session, path);
  const options = { manager: input.manager ?? defaultManager, takeOver: input.takeOver ?? false };
  await applyEdits(session, input.edits, { ...options, planHash: hash, planCursor: cursor });
}

/** Commits edits and prints a line for each. Returns what became of them. */
export async function applyEdits(
  session: Session,
  edits: Edits,
  options: Agreed & { readonly manager: string; readonly takeOver?: boolean },
) {
  const { sdk } = await session.plane();
  const { manager, takeOver = false, planHash, planCursor } = options;
  const held = planHash === undefined ? {} : { planHash, planCursor: planCursor ?? null };
  const input = { edits, manager, takeOver, ...held };
  const { apply: payload } = await sdk.Apply({ input }, { signal: session.signal });
  for (const { kind, name, result, kept } of payload.edits) {
    session.terminal.print(
      `${kind} ${name}  ${paint(words[result] ?? result, result === 'unchanged' ? 'grey' : 'green', session.terminal.hasColour)}`,
    );
    for (const field of kept) session.terminal.print(`  ${keptLine(field, session.clock.now())}`);
  }
  return payload.edits;
}

const words: Readonly<Record<string, string>> = { deletionRequested: 'is being deleted' };
