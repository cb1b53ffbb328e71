import type { Fault } from '../drivers/sandbox/faults.js';
import type { SandboxWorld } from '../drivers/sandbox/world.js';
import type { Random } from '../lib/random.js';
import type { SimulatedDatabase } from './database/simulated-database.js';
import type { Network } from './network.js';
import type { SimProcess } from './process.js';

/** A process that is started again when it was killed. */
export interface Restarting {
  readonly name: string;
  readonly process: SimProcess | null;
  start(): void;
  /** Breaks its connections. */
  cut?(): void;
}

export interface FaultsOptions {
  readonly world: SandboxWorld;
  readonly network: Network;
  readonly random: Random;
  readonly processes: readonly Restarting[];
  readonly database: Pick<SimulatedDatabase, 'crash' | 'restart'>;
  /** Whose steps faults are: of nobody who can die. */
  readonly nature: SimProcess;
  /** The longest time between two. */
  readonly everyMs: number;
}

export interface Faults {
  /** From now on something goes wrong now and then. */
  start(): void;
  /** Nothing goes wrong any more; what is dead is started again, and what was cut is joined. */
  stop(): void;
}

export function createFaults(options: FaultsOptions): Faults {
  const { world, network, random, processes, database, nature, everyMs } = options;
  const healing = new Set<() => void>();
  let isOn = false;

  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item;
  const log = nature.log;
  const until = (ms: number, what: string, heal: () => void) => {
    const once = () => {
      if (!healing.delete(once)) return;
      log.info(what);
      heal();
    };
    healing.add(once);
    nature.after(ms, what, once);
  };

  const kill = () => {
    const victim = pick(processes);
    if (!victim.process || victim.process.isDead) return;
    log.info(`kill ${victim.name}`);
    victim.process.kill();
    until(random.next() * 20_000, `start ${victim.name}`, () => victim.start());
  };
  const freeze = () => {
    const victim = pick(processes);
    const forMs = random.next() * (random.next() < 0.5 ? 2_000 : 40_000);
    log.info(`freeze ${victim.name}`, { forMs });
    victim.process?.freeze(forMs);
  };
  const part = () => {
    const [one, other] = pick(partitions);
    const forMs = random.next() * 40_000;
    log.info(`part ${one} from ${other}`, { forMs });
    until(forMs, `join ${one} and ${other}`, network.cut(one, other));
  };
  const crashDatabase = () => {
    log.info('the database crashes');
    database.crash();
    until(random.next() * 15_000, 'the database is back', () => database.restart());
  };
  const cutSocket = () => {
    const victim = pick(processes);
    log.info(`cut the connections of ${victim.name}`);
    victim.cut?.();
  };
  const disturbWorld = () => {
    const fault = pick(worldFaults);
    log.info(`the world: ${JSON.stringify(fault)}`);
    const id = world.faults.set(fault);
    world.faultsChanged();
    until(random.next() * 30_000, `the world: no ${fault.kind}`, () => {
      world.faults.clear(id);
      world.faultsChanged();
    });
  };

  const next = () => {
    nature.after(random.next() * everyMs, 'something goes wrong', () => {
      if (!isOn) return;
      pick([kill, kill, freeze, part, part, crashDatabase, cutSocket, disturbWorld, disturbWorld, disturbWorld])();
      next();
    });
  };

  return {
    start() {
      isOn = true;
      network.isRough = true;
      next();
    },
    stop() {
      isOn = false;
      network.isRough = false;
      for (const heal of [...healing]) heal();
      world.faults.clear();
      world.faultsChanged();
    },
  };
}

/** Beginnings of names. */
const partitions = [
  ['controllers', 'server'],
  ['controllers-1', 'server'],
  ['controllers-2', 'server-1'],
  ['server-1', 'database'],
  ['server-2', 'database'],
  ['controllers', 'cluster'],
  ['controllers-1', 'cluster'],
  ['controllers', 'cloud'],
  ['controllers-2', 'cloud'],
  ['user', 'server'],
] as const;

const anyAccount = { account: '*' };

const worldFaults: readonly Fault[] = [
  { kind: 'apiDown', count: 20 },
  { kind: 'slow', probability: 0.3, delayMs: 4_000 },
  { kind: 'throttle', probability: 0.3, retryAfterMs: 1_000 },
  { kind: 'serverError', probability: 0.2 },
  { kind: 'lostReply', probability: 0.3 },
  { kind: 'conflict', probability: 0.2 },
  { kind: 'watchCut', probability: 0.5, delayMs: 500 },
  { kind: 'gone', count: 3 },
  { kind: 'unschedulable', probability: 0.5 },
  { kind: 'apiDown', count: 10, match: anyAccount },
  { kind: 'slow', probability: 0.3, delayMs: 3_000, match: anyAccount },
  { kind: 'throttle', probability: 0.3, retryAfterMs: 1_000, match: anyAccount },
  { kind: 'serverError', probability: 0.2, match: anyAccount },
  { kind: 'lostReply', probability: 0.4, match: anyAccount },
  { kind: 'conflict', probability: 0.2, match: anyAccount },
];
