import type { Command } from 'commander';
import type { LiveResourcesSubscription } from '../../sdk/generated/operations.js';
import type { KindView } from '../kinds/kind-view.js';
import { matchKind } from '../kinds/match-kind.js';
import { watchTree } from '../live/watch-tree.js';
import { secondsText } from '../output/duration.js';
import { createScreen } from '../output/screen.js';
import { filterFor, findResource } from '../resources/find-resource.js';
import { resourceTable } from '../resources/resource-table.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace } from './options.js';

/** `portolan watch [KIND [NAME]]`. */
export function addWatch(program: Command, session: Session): void {
  const command = program
    .command('watch')
    .argument('[kind]', 'a kind, or the beginning of it; left out: app instances')
    .argument('[name]', 'the name, or the id: shows its tree')
    .description('shows resources live, until Ctrl-C');
  withPlace(command).action(async (word: string | undefined, name: string | undefined, options: PlaceOptions) => {
    const kind = matchKind(word ?? 'AppInstance', await (await session.plane()).kinds());
    if (name === undefined) return watchList(session, kind, options);
    const row = await findResource(session, kind, name, placeOf(options));
    await watchTree(session, {
      resourceId: row.id,
      title: `${row.kind} ${row.name}`,
      until: 'always',
      timeoutMs: null,
    });
  });
}

async function watchList(session: Session, kind: KindView, options: PlaceOptions): Promise<void> {
  const plane = await session.plane();
  const { terminal, clock, signal } = session;
  const answers = plane.sdk.LiveResources(
    { filter: filterFor(kind, placeOf(options)), first: LONGEST_LIST },
    { signal },
  );
  const screen = createScreen(terminal);
  const shown = new Map<string, string>();
  const startedMs = clock.now();
  let wasUp = false;
  const detach = plane.onStatus((status) => {
    if (wasUp && status === 'disconnected' && !signal.aborted) terminal.say('The plane does not answer; trying again.');
    wasUp ||= status === 'connected';
  });
  try {
    for await (const { resources } of answers) {
      if (terminal.isInteractive) {
        const lines = resourceTable(resources.nodes, { kind, isWide: false, terminal, nowMs: clock.now() });
        const rest = resources.totalCount - resources.nodes.length;
        screen.draw([
          ...fitHeight(lines, terminal.height),
          ...(rest > 0 ? [`… ${rest} more`] : []),
          countsText(resources),
        ]);
      } else {
        for (const line of changedLines(resources.nodes, shown))
          terminal.print(`${secondsText(clock.now() - startedMs).padStart(7)}  ${line}`);
      }
    }
  } finally {
    detach();
    screen.close();
  }
}

type Resources = LiveResourcesSubscription['resources'];

function changedLines(rows: Resources['nodes'], shown: Map<string, string>): readonly string[] {
  const lines: string[] = [];
  for (const row of rows) {
    const place = row.environment ? ` in ${row.environment.name}` : '';
    const deleting = row.deletionRequestedAt === null ? '' : ', being deleted';
    const line =
      `${row.kind} ${row.name}${place}  ${row.status.health}${deleting}  ${row.status.isSettled ? '' : row.status.message}`.trimEnd();
    if (shown.get(row.id) !== line) lines.push(line);
    shown.set(row.id, line);
  }
  const ids = new Set(rows.map((row) => row.id));
  for (const [id, line] of shown) {
    if (ids.has(id)) continue;
    shown.delete(id);
    lines.push(`${line.split('  ')[0]}  gone`);
  }
  return lines;
}

function countsText(resources: Resources): string {
  const counts = resources.countsByHealth
    .filter(({ count }) => count > 0)
    .map(({ health, count }) => `${count} ${health}`);
  return counts.length === 0 ? 'none' : counts.join(', ');
}

function fitHeight(lines: readonly string[], height: number | null): readonly string[] {
  return height === null ? lines : lines.slice(0, Math.max(2, height - 3));
}

/** The most that a live list shows; what is beyond is counted. */
const LONGEST_LIST = 100;
