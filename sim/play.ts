import { type Checks, createChecks } from './checks.js';
import type { SimulatedDatabase } from './database/simulated-database.js';
import { createFaults } from './faults.js';
import { startInquirer } from './inquirer.js';
import { unsettled } from './settled.js';
import { setUp } from './setup.js';
import { OPERATOR_TOKEN, type Simulation } from './simulation.js';
import { LEGACY } from './users/apps.js';
import { type MadeByHand, makeByHand, meddle } from './users/by-hand.js';
import { createLedger, type Ledger } from './users/ledger.js';
import { createUserMemory } from './users/memory.js';
import { runUser } from './users/user.js';
import { SLOW_LIMIT, startViewer } from './viewers.js';

/** What a run consists of, drawn from its seed. */
export interface Script {
  /** Names of those that users work on. */
  readonly apps: readonly string[];
  /** Of each user. */
  readonly steps: number;
  /** Between two steps of a user, at most. */
  readonly pauseMs: number;
  readonly meddling: number;
  /** Whether users delete what they deployed. */
  readonly hasDeletions: boolean;
  /** How long messages take when nothing is wrong, at most. */
  readonly usualMs: number;
  /** How long somebody who looks on takes for each thing that they are told, at most; null: nobody is slow. */
  readonly slowReaderMs: number | null;
  /** Between two faults, at most; null: nothing goes wrong. */
  readonly faultEveryMs: number | null;
}

/**
 * One run: an empty plane is set up; users work while things go wrong; then nothing goes wrong any more, and all that is
 * wanted has to come to be; then nobody does anything, and all has to be quiet.
 */
export async function play(simulation: Simulation, script: Script): Promise<Ledger> {
  const { loop, random, world, network, database, servers, controllers, nature } = simulation;
  const ledger = createLedger();
  const isOver = () => simulation.failure !== null;
  network.usualMs = script.usualMs;
  for (const each of servers) each.start();
  await loop.run(loop.nowMs + START_MS, () => isOver() || servers.every(({ door }) => door !== null));
  const viewers = [startViewer('viewer-1', simulation.openClient('viewer-1', OPERATOR_TOKEN), () => 0)];
  let slowMs = script.slowReaderMs ?? 0;
  if (script.slowReaderMs !== null) {
    const slow = simulation.openClient('viewer-2', OPERATOR_TOKEN, SLOW_LIMIT);
    viewers.push(startViewer('viewer-2', slow, () => slowMs));
  }
  const inquirer = startInquirer(simulation.openClient('inquirer', OPERATOR_TOKEN), database);
  let byHand: MadeByHand = { made: new Set(), deleted: new Set() };
  const checks = createChecks(simulation, { database, ledger, viewers, inquirer, byHand: () => byHand });
  checks.start();

  const setting = { isDone: false };
  setUp(simulation.openClient('setup', OPERATOR_TOKEN).client).then(
    () => {
      setting.isDone = true;
    },
    (error: unknown) => simulation.fail('an empty plane can be set up', String(error)),
  );
  await loop.run(loop.nowMs + START_MS, () => setting.isDone || isOver());
  const one = database.rows('resource').find(({ kind, name }) => kind === 'KubernetesRuntime' && name === 'one');
  if (one && script.apps.includes(LEGACY)) byHand = await makeByHand(simulation, one.id);
  for (const each of controllers) each.start();

  const memory = createUserMemory();
  const { apps, steps, pauseMs, hasDeletions } = script;
  let working = 0;
  const work = (doing: Promise<void>) => {
    working += 1;
    doing.then(
      () => {
        working -= 1;
      },
      (error: unknown) => simulation.fail('users can work', String(error)),
    );
  };
  for (const name of ['user-1', 'user-2']) {
    work(
      runUser({ ...simulation.openClient(name, OPERATOR_TOKEN), memory, ledger, apps, hasDeletions, steps, pauseMs }),
    );
  }
  work(meddle(simulation, byHand, { steps: script.meddling, pauseMs: pauseMs * 3 }));
  if (script.faultEveryMs !== null) {
    const processes = [...servers, ...controllers];
    const faults = createFaults({ world, network, random, processes, nature, database, everyMs: script.faultEveryMs });
    faults.start();
    await loop.run(loop.nowMs + FAULTS_MS, isOver);
    faults.stop();
    // What was asked and never arrived is waited for still.
    await loop.run(loop.nowMs + HANGOVER_MS, isOver);
  }
  await loop.run(loop.nowMs + WORK_MS, () => isOver() || working === 0);

  // Who was slow reads on at once, for all that was told meanwhile has to arrive in the time there is.
  slowMs = 0;
  // Things are as wanted, are told of as they are, and stay so for a while.
  const untilMs = loop.nowMs + SETTLE_MS;
  let open = openOf(database, checks);
  for (let sinceMs = loop.nowMs; !isOver() && loop.nowMs < untilMs && loop.nowMs - sinceMs < STEADY_MS; ) {
    await loop.run(loop.nowMs + LOOK_MS, isOver);
    open = openOf(database, checks);
    if (open.length > 0) sinceMs = loop.nowMs;
  }
  const [first] = open;
  if (first) {
    const words = open.filter(({ title }) => title === first.title).map((each) => each.words);
    simulation.fail(first.title, words.slice(0, MOST_SHOWN).join('\n'));
  }
  if (isOver()) return ledger;
  await staysQuiet(simulation);
  return ledger;
}

function openOf(database: SimulatedDatabase, checks: Checks) {
  const stuck = unsettled(database).map((words) => ({ title: NOT_STUCK, words }));
  return stuck.length > 0 ? stuck : checks.unsettled();
}

async function staysQuiet(simulation: Simulation): Promise<void> {
  const { loop, database, outsideWrites } = simulation;
  const [written, told, said] = [outsideWrites.length, database.rows('revision').length, database.rows('event').length];
  await loop.run(loop.nowMs + QUIET_MS, () => simulation.failure !== null);
  const found = [
    ...outsideWrites.slice(written),
    ...database
      .rows('revision')
      .slice(told)
      .map(({ op, kind, name }) => `revision: ${op} ${kind} ${name}`),
    ...database
      .rows('event')
      .slice(said)
      .map(({ reason, message }) => `event: ${reason}: ${message}`),
  ];
  if (found.length > 0) simulation.fail('all is quiet when settled', found.slice(0, 10).join('\n'));
}

const START_MS = 10_000;
/** How long things go wrong. */
const FAULTS_MS = 60_000;
/** Longer than anybody waits for an answer. */
const HANGOVER_MS = 35_000;
/** By then users have done what they wanted, or given up. */
const WORK_MS = 600_000;
/** The bound: back-offs, leases and a resync fit into it. */
const SETTLE_MS = 300_000;
const LOOK_MS = 2_000;
/** For so long it must have been well: what was reported just now is told to those who look on. */
const STEADY_MS = 10_000;
const NOT_STUCK = 'nothing is stuck: what is wanted comes to be, once nothing goes wrong any more';
const MOST_SHOWN = 20;
/** Longer than some resyncs of the controllers. */
const QUIET_MS = 150_000;
