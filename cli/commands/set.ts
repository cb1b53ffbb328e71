import type { Command } from 'commander';
import { isJsonObject } from '../../lib/canonical.js';
import { imageStatement, parseWantedImage } from '../images/image-statement.js';
import { matchKind } from '../kinds/match-kind.js';
import { agreeTo } from '../planning/agree.js';
import { findResource } from '../resources/find-resource.js';
import type { Session } from '../session.js';
import { applyEdits } from './apply.js';
import { withYes } from './options.js';

interface SetOptions {
  readonly project?: string;
  readonly manager: string;
  readonly yes?: boolean;
}

/** `portolan set image APP COMPONENT[/CONTAINER]=IMAGE`. */
export function addSet(program: Command, session: Session): void {
  const set = program.command('set').description('sets single fields, and leaves all others to whoever set them');
  const image = set
    .command('image')
    .argument('<app>')
    .argument('<component[/container]=image...>', 'the container may be left out where there is only one')
    .description('sets images in an app, for CI: a file of the app that is applied later leaves them as they are')
    .option('-p, --project <name>', 'left out: default')
    .option('--manager <name>', 'who sets them', 'ci');
  withYes(image)
    .addHelpText('after', '\nExample:\n  portolan set image wordpress wordpress=wordpress:6.9-apache --manager ci')
    .action((app: string, images: readonly string[], options: SetOptions) => setImages(session, app, images, options));
}

async function setImages(
  session: Session,
  name: string,
  images: readonly string[],
  options: SetOptions,
): Promise<void> {
  const wanted = images.map(parseWantedImage);
  const kind = matchKind('App', await (await session.plane()).kinds());
  const app = await findResource(session, kind, name, { project: options.project ?? 'default' });
  const spec = imageStatement(app.name, isJsonObject(app.document) ? app.document : {}, wanted);
  const edit = {
    op: 'APPLY' as const,
    kind: 'App',
    name: app.name,
    project: app.project?.name ?? null,
    spec,
    isPartial: true,
  };
  // Whoever names a field means it: that the file has stated it before is the usual case.
  const stated = { manager: options.manager, takeOver: true };
  const agreed = await agreeTo(session, [edit], 'Set this?', { ...stated, ...options });
  await applyEdits(session, [edit], { ...stated, ...agreed });
  session.terminal.say(`Bring it to an environment with: portolan deploy ${app.name} --env ENVIRONMENT`);
}
