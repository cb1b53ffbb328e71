import { mkdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { createManualClock, systemClock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import { createPinoLog } from '../../lib/node/pino-log.js';
import { createSeededRandom } from '../../lib/random.js';
import { defaultDelays, fastDelays, toEven } from './delays.js';
import { alreadyThere } from './exit-codes.js';
import { type Journal, type JournalRecord, openJournal, readJournal } from './journal.js';
import { createSandboxServer } from './server.js';
import { createSandboxWorld, type SandboxWorld } from './world.js';

/**
 * The sandbox as a process: node dist/drivers/sandbox/main.js --socket PATH --snapshot PATH [--seed N] [--fast] [--even] [--manual-clock]
 * It says `ready` on standard output, and ends when standard input does: with the process that started it.
 */
await main().catch((error: unknown) => {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(isTaken ? alreadyThere : 1);
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      socket: { type: 'string' },
      snapshot: { type: 'string' },
      seed: { type: 'string', default: '1' },
      fast: { type: 'boolean', default: false },
      even: { type: 'boolean', default: false },
      'manual-clock': { type: 'boolean', default: false },
    },
  });
  const { socket, snapshot } = values;
  if (!socket || !snapshot) {
    process.stderr.write('The sandbox needs --socket PATH and --snapshot PATH.\n');
    process.exit(2);
  }
  const log = createPinoLog('warn', { process: 'sandbox' });
  if (await isAnswered(socket)) {
    process.stderr.write(`A sandbox listens on ${socket} already.\n`);
    process.exit(alreadyThere);
  }
  mkdirSync(dirname(snapshot), { recursive: true, mode: 0o700 });
  rmSync(socket, { force: true });

  const usual = values.fast ? fastDelays : defaultDelays;
  let world: SandboxWorld | null = null;
  let journal: Journal | null = null;
  // Two that started at the same moment: the later one has the socket, and this one must neither answer nor take it away.
  let hasSocket = () => true;
  const openWorld = (): SandboxWorld => {
    const restored = readJournal(snapshot);
    // The same seed again would give the same uids again, to other objects.
    const past = highest(restored, (record) => 'cluster' in record) + highest(restored, (record) => 'cloud' in record);
    const inode = statSync(socket).ino;
    hasSocket = () => isOwn(socket, inode);
    const opened = createSandboxWorld({
      clock: values['manual-clock'] ? createManualClock() : systemClock,
      random: createSeededRandom(Number(values.seed) + past),
      delays: values.even ? toEven(usual) : usual,
      restored,
      onChange(record) {
        if (!hasSocket()) process.exit(alreadyThere);
        journal?.append(record);
        if (journal?.isDue) journal.compact(opened.dump());
      },
    });
    journal = openJournal(snapshot, opened.dump());
    world = opened;
    return opened;
  };
  const server = await createSandboxServer({ openWorld, socketPath: socket, log });

  const stop = async () => {
    if (!hasSocket()) process.exit(alreadyThere);
    world?.close();
    await server.close();
    journal?.close();
    process.exit(0);
  };
  process.stdin.on('end', () => void stop());
  process.stdin.on('error', () => void stop());
  process.stdin.resume();
  process.on('SIGTERM', () => void stop());
  // The person's Ctrl-C goes to the whole group; the process that started this one decides when it ends.
  process.on('SIGINT', () => {});
  process.stdout.write('ready\n');
}

function highest(records: readonly JournalRecord[], isOne: (record: JournalRecord) => boolean): number {
  return records.filter(isOne).reduce((version, record) => Math.max(version, record.version), 0);
}

function isOwn(socketPath: string, inode: number): boolean {
  return statSync(socketPath, { throwIfNoEntry: false })?.ino === inode;
}

function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
