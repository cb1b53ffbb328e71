import type { Controllers } from '../controllers/start-controllers.js';
import { bootstrap } from '../db/bootstrap.js';
import type { Cipher } from '../db/cipher.js';
import type { Actor, Store } from '../db/contract.js';
import type { JournalRecord } from '../drivers/sandbox/journal.js';
import { createSandboxWorld, type SandboxWorld } from '../drivers/sandbox/world.js';
import { errorText } from '../lib/errors.js';
import type { Random } from '../lib/random.js';
import { builtInKinds } from '../schema/kinds/built-in.js';
import type { LeaseView } from '../sdk/runtime/reconciler.js';
import type { SimulatedConnection } from './database/connection.js';
import { createSimulatedReads } from './database/read-models.js';
import { createSimulatedDatabase, type SimulatedDatabase } from './database/simulated-database.js';
import { createEventLoop, type EventLoop } from './event-loop.js';
import type { Restarting } from './faults.js';
import { createNetwork, type Network } from './network.js';
import { createProcess, type SimProcess } from './process.js';
import { DATABASE, databaseOf } from './process-database.js';
import type { ServerSlot } from './server-slot.js';
import { createBusHub } from './sim-bus.js';
import { startSimControllers } from './sim-controllers.js';
import { createSimGraphClient, type SimGraphClient } from './sim-graph-client.js';
import { createSimLog } from './sim-log.js';
import { openSimServer, type SimServer } from './sim-server.js';
import type { Trace } from './trace.js';
import { createWorldAccess } from './world-access.js';

/** The parts of a plane in one process of the machine, on virtual time: servers, controllers, database, world. */
export interface Simulation {
  readonly loop: EventLoop;
  readonly random: Random;
  readonly network: Network;
  readonly database: SimulatedDatabase;
  readonly world: SandboxWorld;
  /** Of nobody who can die: faults, checks, the world itself. */
  readonly nature: SimProcess;
  readonly servers: readonly (Restarting & ServerSlot)[];
  readonly controllers: readonly (Restarting & { leases(): readonly LeaseView[] })[];
  /** Tells of each change of the world, in the moment it happens. */
  onWorld(listener: (record: JournalRecord) => void): void;
  /** Writes that arrived in clusters and clouds. */
  readonly outsideWrites: readonly string[];
  /** Another process, with a client of its own. */
  openClient(
    name: string,
    token: string,
    limit?: number,
  ): { readonly process: SimProcess; readonly client: SimGraphClient };
  /** The first thing that should not be. */
  readonly failure: Failure | null;
  fail(invariant: string, words: string): void;
}

export interface Failure {
  readonly invariant: string;
  readonly words: string;
  readonly atMs: number;
}

/** What is broken on purpose, so that it can be seen that the simulation finds it. */
export interface Breakage {
  readonly database?: (connection: SimulatedConnection) => SimulatedConnection;
  readonly store?: (store: Store, database: SimulatedDatabase) => Store;
}

export interface SimulationOptions {
  readonly random: Random;
  readonly trace: Trace;
  readonly startMs: number;
  readonly settle: () => Promise<void>;
  /** Gets what processes say. */
  readonly write?: (line: string) => void;
  readonly cipher: Cipher;
  /** How far the clocks of servers, controllers and people are from the true time, at most. */
  readonly skewMs: number;
  readonly breakage?: Breakage;
}

export function createSimulation(options: SimulationOptions): Simulation {
  const { random, trace, startMs, settle, cipher, skewMs, breakage = {} } = options;
  const loop = createEventLoop({ startMs, random, trace, settle });
  const network = createNetwork(random);
  const hub = createBusHub(network);
  let failure: Failure | null = null;

  const fail = (invariant: string, words: string) => {
    failure ??= { invariant, words, atMs: loop.nowMs - startMs };
  };
  const write = options.write;
  const say =
    write && ((who: string, line: string) => write(`${((loop.nowMs - startMs) / 1000).toFixed(4)} ${who}: ${line}`));
  const skews = new Map<string, number>();
  /** A machine's clock is wrong by the same time whatever runs on it. */
  const skewOf = (name: string) => {
    const known = skews.get(name) ?? (random.next() * 2 - 1) * skewMs;
    skews.set(name, known);
    return known;
  };
  const open = (name: string) =>
    createProcess({
      skewMs: name === NATURE ? 0 : skewOf(name),
      name,
      loop,
      random,
      log: createSimLog({
        who: name,
        ...(say && { write: say }),
        onError: (line) => fail('no process logs an error, which a person would have to act on', line),
      }),
      stepMs: () => network.delayMs() / 10,
    });
  const nature = open(NATURE);
  const worldListeners: ((record: JournalRecord) => void)[] = [];
  const outsideWrites: string[] = [];
  const world = createSandboxWorld({
    clock: nature.clock,
    random,
    onChange(record) {
      for (const listener of worldListeners) listener(record);
    },
  });
  const database = createSimulatedDatabase({
    clock: nature.clock,
    random,
    scheduler: nature,
    fateOf({ connection }) {
      if (network.isCut(connection, DATABASE)) return 'requestLost';
      if (!network.isRough || random.next() >= LOST_STATEMENTS) return 'delivered';
      return random.next() < 0.5 ? 'requestLost' : 'replyLost';
    },
  });

  const startServer = (slot: { readonly name: string; open: SimServer | null }): SimProcess => {
    const process = open(slot.name);
    process.died.addEventListener('abort', () => {
      slot.open = null;
    });
    const begin = async () => {
      const connection = database.connect(slot.name);
      const reached = databaseOf(process, connection, breakage.database?.(connection) ?? connection);
      slot.open = openSimServer({
        process,
        database: reached,
        reads: createSimulatedReads({ database: reached, registry: builtInKinds }),
        plane: await bootstrap(reached, builtInKinds, random),
        cipher,
        bus: hub.connect(process),
        actors,
        ...(breakage.store && { breakStore: (store: Store) => breakage.store?.(store, database) ?? store }),
      });
    };
    process.after(0, 'starts', () => {
      begin().catch((error: unknown) => {
        process.log.warn('The server did not start', { error: errorText(error) });
        process.kill();
        nature.after(RESTART_MS, `start ${slot.name}`, () => startServer(slot));
      });
    });
    return process;
  };
  const servers = ['server-1', 'server-2'].map((name) => {
    const slot = { name, open: null as SimServer | null };
    let process: SimProcess | null = null;
    return {
      name,
      get process() {
        return process;
      },
      get door() {
        return slot.open;
      },
      start() {
        process = startServer(slot);
      },
    };
  });
  const connect = (process: SimProcess, token: string, limit?: number) =>
    createSimGraphClient({
      ...{ process, network, servers, random, wire: nature, token },
      ...(limit !== undefined && { limit }),
    });
  const controllers = ['controllers-1', 'controllers-2'].map((name) => {
    let running: { process: SimProcess; client: SimGraphClient; controllers: Controllers } | null = null;
    return {
      name,
      get process() {
        return running?.process ?? null;
      },
      start() {
        const process = open(name);
        const client = connect(process, CONTROLLER_TOKEN);
        const onWrite = (what: string) => outsideWrites.push(`${name}: ${what}`);
        const sandbox = createWorldAccess({ world, process, network, wire: nature, onWrite });
        process.after(0, 'starts', () => {
          running = { process, client, controllers: startSimControllers({ process, client, sandbox }) };
        });
      },
      cut: () => running?.client.cut(),
      leases: () => (running && !running.process.isDead ? running.controllers.leases() : []),
    };
  });

  return {
    loop,
    random,
    network,
    database,
    world,
    nature,
    servers,
    controllers,
    onWorld: (listener) => void worldListeners.push(listener),
    outsideWrites,
    openClient(name, token, limit) {
      const process = open(name);
      return { process, client: connect(process, token, limit) };
    },
    get failure() {
      return failure;
    },
    fail,
  };
}

/** Whose time is the true one. */
const NATURE = 'nature';
const RESTART_MS = 1_000;
/** Of all messages to the database while the network is rough. */
const LOST_STATEMENTS = 0.001;
export const OPERATOR_TOKEN = 'operator';
export const CONTROLLER_TOKEN = 'controller';

const actors: ReadonlyMap<string, Actor> = new Map([
  [OPERATOR_TOKEN, { principalId: '00000000-0000-4000-8000-000000000001', name: 'operator', role: 'operator' }],
  [CONTROLLER_TOKEN, { principalId: '00000000-0000-4000-8000-000000000002', name: 'controller', role: 'controller' }],
]);
