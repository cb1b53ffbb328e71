import type { Command } from 'commander';
import { BadInputError } from '../../lib/errors.js';
import { withArticle } from '../../lib/names.js';
import { watchTree } from '../live/watch-tree.js';
import { secondsText } from '../output/duration.js';
import { agree } from '../planning/agree.js';
import { readDeletion } from '../planning/deletion.js';
import { type ShowOptions, showing, showPlan } from '../planning/show-plan.js';
import { listResources } from '../resources/list-resources.js';
import type { Session } from '../session.js';
import { defaultManager, type PlaceOptions, withPlace, withPlanOutput, withTimeout, withYes } from './options.js';

interface DeleteOptions extends PlaceOptions {
  readonly wait?: boolean;
  readonly yes?: boolean;
  /** Forgets what it has outside; only some commands offer it. */
  readonly force?: boolean;
  /** Also deletes what was adopted; only for app instances. */
  readonly deleteAdopted?: boolean;
  readonly timeout: number;
}

interface PlannedDeleteOptions extends DeleteOptions, ShowOptions {
  readonly plan?: boolean;
  readonly dryRun?: boolean;
}

/** `portolan delete KIND NAME`. */
export function addDelete(program: Command, session: Session): void {
  const command = program
    .command('delete')
    .argument('<kind>', 'a kind, or the beginning of it')
    .argument('<name>', 'the name, or the id')
    .description('deletes a resource and all that it owns')
    .option('-w, --wait', 'until it is gone')
    .option('--delete-adopted', 'of an app instance: also what was taken over goes, which is left otherwise')
    .option('--plan', 'only shows what would go, in which order, and what stands in the way')
    .option('--dry-run', 'the same as --plan');
  withPlanOutput(withTimeout(withPlace(withYes(command)), 'how long to wait')).action(
    (kind: string, name: string, options: PlannedDeleteOptions) =>
      options.plan || options.dryRun
        ? planDeletion(session, kind, name, options)
        : deleteResource(session, kind, name, options),
  );
}

/** What `delete` would do. */
export function planDeletion(
  session: Session,
  kind: string,
  name: string,
  options: PlaceOptions & ShowOptions,
): Promise<void> {
  return showing(options, async () => {
    const { edit } = await readDeletion(session, kind, name, options);
    await showPlan(session, { edits: [edit], manager: defaultManager, takeOver: false }, options);
  });
}

/** Asks for the deletion of one resource; with `wait` shows it until it is gone. */
export async function deleteResource(
  session: Session,
  kindWord: string,
  name: string,
  options: DeleteOptions,
): Promise<void> {
  const { sdk } = await session.plane();
  const { row, edit } = await readDeletion(session, kindWord, name, options);
  const title = `${row.kind} ${row.name}`;
  const input = { edits: [edit], manager: defaultManager, takeOver: false };
  const question = questionOf(`${title}${row.environment ? ` in ${row.environment.name}` : ''}`, options);
  const agreed = await agree(session, input, { question, refusal: 'Nothing was deleted.', yes: options.yes });

  // Saying so changes it, so it is no longer what the plan was made of.
  const held = options.deleteAdopted ? {} : agreed;
  if (options.deleteAdopted) await sayAdoptedGoes(session, edit);
  const { apply } = await sdk.Apply({ input: { ...input, ...held } }, { signal: session.signal });
  if (apply.edits[0]?.result === 'removed') return session.terminal.print(`${title} is deleted.`);
  if (!options.wait) return session.terminal.print(`${title} is being deleted.`);
  const { tookMs } = await watchTree(session, {
    resourceId: row.id,
    title,
    until: 'deleted',
    timeoutMs: options.timeout,
  });
  session.terminal.print(`${title} is deleted, after ${secondsText(tookMs)}.`);
  await waitForUnneeded(session, options);
}

/** What was made on demand and is needed no more goes with its last user, and takes longer. */
async function waitForUnneeded(session: Session, { timeout }: DeleteOptions): Promise<void> {
  const plane = await session.plane();
  const going = await listResources(plane, { isDeleting: true }, session.signal);
  const unneeded = going.filter(({ isOnDemand, ownerId }) => isOnDemand && ownerId === null);
  if (unneeded.length === 0) return;
  const names = unneeded.map(({ kind, name }) => `${kind} ${name}`);
  session.terminal.say(`Waiting for what nobody needs any more: ${names.join(', ')}.`);
  for (const { id, kind, name } of unneeded) {
    await watchTree(session, { resourceId: id, title: `${kind} ${name}`, until: 'deleted', timeoutMs: timeout });
  }
  session.terminal.print(`Gone as well, for nobody needs it any more: ${names.join(', ')}.`);
}

/** Its controller deletes what it was told to; by then the deletion may be requested already. */
async function sayAdoptedGoes(session: Session, edit: DeleteEdit): Promise<void> {
  if (edit.kind !== 'AppInstance') {
    throw new BadInputError(`Only an app instance has adopted objects, and this is ${withArticle(edit.kind)}.`);
  }
  const { sdk } = await session.plane();
  const spec = { policy: { adopted: 'delete' } };
  const said = { ...edit, op: 'APPLY' as const, isPartial: true, spec };
  await sdk.Apply({ input: { edits: [said], manager: defaultManager, takeOver: true } }, { signal: session.signal });
}

type DeleteEdit = Awaited<ReturnType<typeof readDeletion>>['edit'];

function questionOf(what: string, { force }: DeleteOptions): string {
  return force
    ? `Forget ${what} and all that is on it, and remove nothing of that outside? [y/N] `
    : `Delete ${what} and all that it owns? [y/N] `;
}
