import { type Command, InvalidArgumentError } from 'commander';
import { ConflictError } from '../../lib/errors.js';
import { NotHealthyError } from '../errors.js';
import { secondsText } from '../output/duration.js';
import { createScreen } from '../output/screen.js';
import {
  findRunningPlane,
  runPlaneInForeground,
  startPlaneInBackground,
  stopPlane,
  waitForPlane,
} from '../process/plane-process.js';
import type { Session } from '../session.js';

/** `portolan start`, `up` and `down`. */
export function addPlane(program: Command, session: Session): void {
  const port = ['--port <number>', 'left out: 7420, or another one that is free', portNumber] as const;
  program
    .command('start')
    .description('runs a plane in the foreground: database, server, controllers, sandbox')
    .option(...port)
    .action(async (options: { port?: string }) => {
      await refuseSecondPlane(session);
      const code = await runPlaneInForeground(session.config, options.port ?? null, session.signal);
      if (code !== 0) throw new NotHealthyError(`The plane ended with exit code ${code}.`);
    });

  program
    .command('up')
    .description('starts a plane in the background, and returns when it is ready')
    .option(...port)
    .action((options: { port?: string }) => up(session, options.port ?? null));

  program
    .command('down')
    .description('stops the plane; what it deployed stays as it is')
    .action(() => down(session));
}

function portNumber(text: string): string {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return text;
  throw new InvalidArgumentError('It must be a number from 0 to 65535; 0 takes any free one.');
}

async function up(session: Session, port: string | null): Promise<void> {
  const { terminal, config, clock, signal } = session;
  const running = await findRunningPlane(config.home);
  if (running?.isReady) return terminal.print(`A plane runs already at ${running.url} (process ${running.pid}).`);
  const startedMs = clock.now();
  const progress = createProgress(
    session,
    running ? 'A plane is starting already; waiting for it' : 'Starting the plane',
  );
  try {
    const options = { config, clock, signal, timeoutMs: START_WITHIN_MS, onWaiting: progress.show };
    const plane = running
      ? await waitForPlane(options, () => refuseEnded(config.home))
      : await startPlaneInBackground(options, port);
    progress.close();
    terminal.print(`The plane is ready at ${plane.url}, after ${secondsText(clock.now() - startedMs)}.`);
    terminal.say(`The live chart of what it runs is at ${plane.url}/ui/ (portolan ui prints a link that logs you in).`);
    terminal.say(`Its data is in ${config.home}; the token of the operator is operator.token there.`);
  } finally {
    progress.close();
  }
}

/** What is waited for may end; then somebody has to say so. */
async function refuseEnded(home: string): Promise<void> {
  if ((await findRunningPlane(home)) !== null) return;
  throw new NotHealthyError('The plane that was starting has ended.', { next: 'portolan up' });
}

async function down(session: Session): Promise<void> {
  const { terminal, config, clock, signal } = session;
  const running = await findRunningPlane(config.home);
  if (!running) return terminal.print(`No plane runs here (${config.home}).`);
  const progress = createProgress(session, 'Stopping the plane');
  try {
    await stopPlane(running, { config, clock, signal, timeoutMs: STOP_WITHIN_MS, onWaiting: progress.show });
  } finally {
    progress.close();
  }
  terminal.print('The plane is stopped.');
}

async function refuseSecondPlane({ config }: Session): Promise<void> {
  const running = await findRunningPlane(config.home);
  if (!running) return;
  throw new ConflictError(
    `A plane runs already${running.url === null ? '' : ` at ${running.url}`} (process ${running.pid}).`,
    {
      next: 'Stop it with `portolan down`, or choose another data folder with PORTOLAN_HOME.',
    },
  );
}

/** One line that counts the seconds, on a terminal; said once elsewhere. */
function createProgress({ terminal }: Session, what: string): { show(ms: number): void; close(): void } {
  const screen = createScreen(terminal);
  let isSaid = false;
  return {
    show(ms) {
      if (terminal.isInteractive) return screen.draw([`${what} … ${secondsText(ms)}`]);
      if (!isSaid) terminal.say(`${what} …`);
      isSaid = true;
    },
    close() {
      screen.close();
    },
  };
}

/** The first start makes a database, which takes seconds; a loaded machine may need many of them. */
const START_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 30_000;
