import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { type Clock, systemClock } from '../lib/clock.js';
import { silentLog } from '../lib/log.js';
import { createGraphClient } from '../sdk/graph-client.js';
import { addAdopt } from './commands/adopt.js';
import { addApply } from './commands/apply.js';
import { addDelete } from './commands/delete.js';
import { addDeploy } from './commands/deploy.js';
import { addDescribe } from './commands/describe.js';
import { addDiff } from './commands/diff.js';
import { addDrift } from './commands/drift.js';
import { addEnv } from './commands/env.js';
import { addEvents } from './commands/events.js';
import { addExplain } from './commands/explain.js';
import { addExport } from './commands/export.js';
import { addGet } from './commands/get.js';
import { addHistory } from './commands/history.js';
import { addKinds } from './commands/kinds.js';
import { addLogs } from './commands/logs.js';
import { addOrigin } from './commands/origin.js';
import { addPlan } from './commands/plan.js';
import { addPlane } from './commands/plane.js';
import { addRefresh } from './commands/refresh.js';
import { addRuntime } from './commands/runtime.js';
import { addSet } from './commands/set.js';
import { addStatus } from './commands/status.js';
import { addToken } from './commands/token.js';
import { addTree } from './commands/tree.js';
import { addUi } from './commands/ui.js';
import { addVersion } from './commands/version.js';
import { addWait } from './commands/wait.js';
import { addWatch } from './commands/watch.js';
import { addWhatIf } from './commands/what-if.js';
import { addWhy } from './commands/why.js';
import { readCliConfig } from './config.js';
import { connect } from './connect.js';
import { describeError } from './error-text.js';
import { InterruptedError } from './errors.js';
import { exitCodeOf, exitCodes, exitCodesText } from './exit-code.js';
import { createTerminal, type OutputStream } from './output/terminal.js';
import type { PlaneConnection, Session } from './session.js';

/** Where a command runs. */
export interface CliHost {
  readonly out: OutputStream;
  readonly err: OutputStream;
  readonly input: NodeJS.ReadStream;
  readonly environment: NodeJS.ProcessEnv;
  readonly workingFolder: string;
  readonly clock: Clock;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs one command line, without the program's own name, and returns the exit code. Never throws, never exits. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  const config = readCliConfig(host.environment);
  const terminal = createTerminal({
    out: host.out,
    err: host.err,
    noColour: config.noColour,
    columns: config.columns,
    isBuildServer: config.isBuildServer,
  });
  let server: string | undefined;
  const opened: Promise<PlaneConnection>[] = [];
  const session: Session = {
    config,
    terminal,
    clock: host.clock,
    signal: host.signal,
    workingFolder: host.workingFolder,
    isAttended: terminal.isInteractive && host.input.isTTY === true,
    readStandardInput: () => text(host.input),
    ask: (question) => ask(question, host, terminal.isInteractive),
    plane() {
      const openClient = (options: { url: string; token: string }) =>
        createGraphClient({ ...options, clock: host.clock, log: silentLog, reconnectCapMs: RECONNECT_CAP_MS });
      const [first = connect({ ...config, url: server ?? config.url }, openClient, host.clock)] = opened;
      opened[0] = first;
      return first;
    },
  };
  const program = createProgram(session, host, (url) => {
    server = url;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    const isInterrupted = host.signal.aborted && !(error instanceof InterruptedError);
    const told = isInterrupted ? new InterruptedError('Stopped.') : error;
    for (const line of describeError(told)) terminal.say(line);
    return exitCodeOf(told);
  } finally {
    for (const connection of opened) await connection.then((open) => open.close()).catch(() => {});
  }
}

/** Runs the command line of this process; its exit code is set at the end. */
export async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // The second one ends it at once, whatever it is doing.
    process.on(name, () =>
      stop.signal.aborted ? process.exit(exitCodes.interrupted) : stop.abort(new InterruptedError('Stopped.')),
    );
  }
  // `portolan get | head`: the reader has what it wanted.
  process.stdout.on('error', (error) =>
    process.exit('code' in error && error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failed),
  );
  process.exitCode = await runCli(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
    input: process.stdin,
    environment: readCliConfig().environment,
    workingFolder: process.cwd(),
    clock: systemClock,
    signal: stop.signal,
  });
}

function createProgram(session: Session, host: CliHost, useServer: (url: string) => void): Command {
  const version = ownVersion();
  const program = new Command('portolan')
    .description('A live graph of your apps, everything they depend on, and the environments they run in.')
    .version(version, '-V, --version', 'prints the version of this program')
    .option('--server <url>', 'the plane to use; left out: PORTOLAN_URL, else the one on this machine')
    .hook('preAction', (command) => {
      const { server } = command.opts<{ server?: string }>();
      if (server !== undefined) useServer(server);
    })
    .configureOutput({ writeOut: (out) => void host.out.write(out), writeErr: (err) => void host.err.write(err) })
    .helpOption('-h, --help', 'says how it is used')
    .helpCommand('help [command]', 'says how a command is used')
    .showHelpAfterError('(portolan --help says more)')
    .addHelpText('after', `\n${exitCodesText}`)
    .exitOverride();
  for (const add of [
    addPlane,
    addStatus,
    addPlan,
    addUi,
    addApply,
    addDeploy,
    addSet,
    addRefresh,
    addGet,
    addDescribe,
    addHistory,
    addExport,
    addAdopt,
    addTree,
    addWhy,
    addWhatIf,
    addOrigin,
    addEvents,
    addLogs,
    addDiff,
    addDrift,
    addWatch,
    addWait,
    addDelete,
  ]) {
    add(program, session);
  }
  for (const add of [addEnv, addRuntime, addToken, addKinds, addExplain]) add(program, session);
  addVersion(program, session, version);
  return program;
}

async function ask(question: string, { input, err, signal }: CliHost, isInteractive: boolean): Promise<string | null> {
  if (!isInteractive || !input.isTTY) return null;
  err.write(question);
  const lines = createInterface({ input });
  try {
    return await lines.question('', { signal });
  } finally {
    lines.close();
  }
}

function ownVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { version }: { version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return typeof version === 'string' ? version : 'unknown';
}

/** A person watches: a plane that comes back should be seen soon. */
const RECONNECT_CAP_MS = 3_000;
