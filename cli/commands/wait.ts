import { type Command, Option } from 'commander';
import { matchKind } from '../kinds/match-kind.js';
import { watchTree } from '../live/watch-tree.js';
import { secondsText } from '../output/duration.js';
import { findResource, lookFor } from '../resources/find-resource.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace, withTimeout } from './options.js';

interface WaitOptions extends PlaceOptions {
  readonly for: 'healthy' | 'deleted';
  readonly timeout: number;
  readonly failFast?: boolean;
}

/** `portolan wait KIND NAME --for healthy|deleted`. */
export function addWait(program: Command, session: Session): void {
  const command = program
    .command('wait')
    .argument('<kind>', 'a kind, or the beginning of it')
    .argument('<name>', 'the name, or the id')
    .description('waits until a resource is Healthy, or gone')
    .addOption(new Option('--for <state>', 'what to wait for').choices(['healthy', 'deleted']).default('healthy'))
    .option('--fail-fast', 'gives up as soon as it is Degraded');
  withTimeout(withPlace(command), 'how long to wait').action((kind: string, name: string, options: WaitOptions) =>
    wait(session, kind, name, options),
  );
}

async function wait(session: Session, word: string, name: string, options: WaitOptions): Promise<void> {
  const kind = matchKind(word, await (await session.plane()).kinds());
  const place = placeOf(options);
  if (options.for === 'deleted' && (await lookFor(session, kind, name, place)).length === 0) {
    return session.terminal.print(`${kind.name} ${name} is not there.`);
  }
  const row = await findResource(session, kind, name, place);
  const title = `${row.kind} ${row.name}`;
  const failFast = options.failFast ?? false;
  const { tookMs } = await watchTree(session, {
    resourceId: row.id,
    title,
    until: options.for,
    timeoutMs: options.timeout,
    failFast,
  });
  session.terminal.print(
    `${title} is ${options.for === 'healthy' ? 'Healthy' : 'deleted'}, after ${secondsText(tookMs)}.`,
  );
}
