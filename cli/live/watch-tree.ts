import { InterruptedError, NotHealthyError, TimedOutError } from '../errors.js';
import { colourOfHealth, paint, symbolOfHealth } from '../output/colour.js';
import { secondsText } from '../output/duration.js';
import { renderTree } from '../output/render-tree.js';
import { createScreen } from '../output/screen.js';
import type { TreeNode } from '../output/tree-node.js';
import { flatten, type TreeRoot, treeOf } from '../output/tree-view.js';
import type { PlaneConnection, Session } from '../session.js';

export interface WatchTreeOptions {
  readonly resourceId: string;
  /** `AppInstance wordpress`, for the messages. */
  readonly title: string;
  /** `always`: until Ctrl-C, or until it is gone. */
  readonly until: 'healthy' | 'deleted' | 'always';
  /** null: as long as it takes. */
  readonly timeoutMs: number | null;
  /** Gives up as soon as it is Degraded, instead of at the end of the time. */
  readonly failFast?: boolean;
}

/**
 * Shows the tree of a resource, live, until it is as wanted, and returns how long that took. On a terminal the tree is
 * redrawn; elsewhere each change is a line. Throws TimedOutError, NotHealthyError when it is Degraded then, and
 * InterruptedError at Ctrl-C. What was asked for goes on in any case.
 */
export async function watchTree(session: Session, options: WatchTreeOptions): Promise<{ readonly tookMs: number }> {
  const plane = await session.plane();
  const view = session.terminal.isInteractive ? createLiveView(session, options) : createLineView(session);
  const startedMs = session.clock.now();
  const time = new AbortController();
  const cancel = options.timeoutMs === null ? () => {} : session.clock.after(options.timeoutMs, () => time.abort());
  const detach = plane.onStatus((status) => view.connection(status === 'connected'));
  let last: TreeNode | null = null;
  try {
    for await (const root of treesOf(plane, options.resourceId, AbortSignal.any([session.signal, time.signal]))) {
      if (root === null) {
        if (options.until !== 'deleted')
          throw new NotHealthyError(`${options.title} is gone: it was deleted meanwhile.`);
        return { tookMs: session.clock.now() - startedMs };
      }
      last = treeOf(root);
      view.show(last, session.clock.now() - startedMs);
      if (options.until === 'healthy' && root.status.isSettled && root.status.health === 'Healthy') {
        return { tookMs: session.clock.now() - startedMs };
      }
      if (options.until === 'healthy' && options.failFast && last.health === 'Degraded') break;
    }
  } finally {
    cancel();
    detach();
    view.close();
  }
  // Ctrl-C is how a person ends what has no end.
  if (options.until === 'always' && session.signal.aborted) return { tookMs: session.clock.now() - startedMs };
  throw endedEarly(session, options, last);
}

async function* treesOf(plane: PlaneConnection, id: string, signal: AbortSignal): AsyncGenerator<TreeRoot | null> {
  const answers = plane.sdk.LiveTreeById({ id }, { signal });
  for await (const { node } of answers) yield node && 'kind' in node ? node : null;
}

function endedEarly(
  session: Session,
  { title, until, timeoutMs, resourceId }: WatchTreeOptions,
  last: TreeNode | null,
): Error {
  const [kind = '', name = ''] = title.split(' ');
  const next = `portolan describe ${kind} ${name === '' ? resourceId : name}; portolan events ${kind} ${name}`;
  if (session.signal.aborted) return new InterruptedError('Stopped watching. What was asked for goes on in the plane.');
  const troubles = last
    ? flatten(last).filter((node) => node.health !== 'Healthy' && node.health !== '' && node.note !== '')
    : [];
  const why = troubles.map((node) => `\n  ${symbolOfHealth(node.health)} ${node.label}: ${node.note}`).join('');
  if (last?.health === 'Degraded' && until === 'healthy')
    return new NotHealthyError(`${title} is Degraded.${why}`, { next });
  const waited = timeoutMs === null ? '' : ` within ${timeoutMs / 1000} s`;
  return new TimedOutError(`${title} is not ${until}${waited}; it is ${last?.health ?? 'not answered for'}.${why}`, {
    next,
  });
}

interface TreeView {
  show(tree: TreeNode, ms: number): void;
  /** It is gone. */
  clear(): void;
  connection(isUp: boolean): void;
  close(): void;
}

function createLiveView(session: Session, options: WatchTreeOptions): TreeView {
  const { terminal, clock } = session;
  const screen = createScreen(terminal);
  const startedMs = clock.now();
  let tree: TreeNode | null = null;
  let isUp = true;
  let frame = 0;
  let cancel = () => {};
  const draw = (isLast: boolean) => {
    if (!tree) return;
    // The last drawing stays, so it is whole even where the screen has to scroll for it.
    const height = terminal.height === null || isLast ? null : terminal.height - 3;
    const progress = isLast ? [] : [progressLine(tree, frame, clock.now() - startedMs, isUp, options.until)];
    screen.draw([...renderTree(tree, { width: terminal.width, height, hasColour: terminal.hasColour }), ...progress]);
  };
  // The tree comes from the subscription; only the seconds and the spinner move by themselves.
  const tick = () => {
    frame += 1;
    draw(false);
    cancel = clock.after(FRAME_MS, tick);
  };
  cancel = clock.after(FRAME_MS, tick);
  return {
    show(next) {
      tree = next;
      draw(false);
    },
    clear() {
      tree = null;
      screen.draw([]);
    },
    connection(next) {
      isUp = next;
    },
    close() {
      cancel();
      draw(true);
      screen.close();
    },
  };
}

function createLineView({ terminal }: Session): TreeView {
  const shown = new Map<string, { readonly label: string; readonly state: string }>();
  let wasUp = false;
  return {
    show(tree, ms) {
      const say = (label: string, state: string) =>
        terminal.print(`${secondsText(ms).padStart(7)}  ${label}  ${state}`);
      const nodes = flatten(tree).filter((node) => node.health !== '');
      for (const node of nodes) {
        const state = `${node.health}${node.note === '' ? '' : `  ${node.note}`}`;
        if (shown.get(node.key)?.state === state) continue;
        shown.set(node.key, { label: node.label, state });
        say(node.label, paint(state, colourOfHealth(node.health), terminal.hasColour));
      }
      const keys = new Set(nodes.map((node) => node.key));
      for (const [key, { label }] of shown) {
        if (keys.has(key)) continue;
        shown.delete(key);
        say(label, 'gone');
      }
    },
    clear() {},
    connection(isUp) {
      if (wasUp && !isUp) terminal.say('The plane does not answer; trying again.');
      wasUp = isUp || wasUp;
    },
    close() {},
  };
}

function progressLine(tree: TreeNode, frame: number, ms: number, isUp: boolean, until: string): string {
  const nodes = flatten(tree).filter((node) => node.health !== '');
  const healthy = nodes.filter((node) => node.health === 'Healthy').length;
  const spinner = spinnerFrames[frame % spinnerFrames.length] ?? '';
  const what = until === 'deleted' ? `${nodes.length} left` : `${healthy} of ${nodes.length} Healthy`;
  return `${spinner} ${what}  ${secondsText(ms)}${isUp ? '' : '  the plane does not answer; trying again'}`;
}

const FRAME_MS = 100;
const spinnerFrames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
