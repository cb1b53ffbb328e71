import { setImmediate } from 'node:timers/promises';
import type { Database, Transaction } from '../../../../db/database.js';
import { codeOf } from '../../../../db/failure.js';
import { type Statement, statement, type Value } from '../../../../db/statement.js';
import { violatedConstraint } from '../../../../db/store/context.js';
import type { SimulatedDatabase } from '../../../../sim/database/simulated-database.js';
import { comparable } from './comparable.js';

/** One who has a transaction open, and runs one statement after the other in it. */
export interface Player {
  /** Resolves when the statement was answered, or waits for somebody else. */
  run(name: string, values: readonly Value[]): Promise<void>;
  /** The same where that closes a circle: one of those in it is told, and the others go on. Who it is is not written down. */
  closeCircle(name: string, values: readonly Value[]): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Where transactions are forced into one interleaving, and all that they are told is written down. */
export interface Stage {
  readonly lines: readonly string[];
  begin(name: string, options?: { readonly isSnapshot?: boolean }): Promise<Player>;
  /** Outside of any transaction that was begun. */
  look(what: string, work: (database: Database) => Promise<unknown>): Promise<void>;
  /** Rolls back what is still open, and forgets what is told then. */
  close(): Promise<void>;
}

export interface StageOptions {
  statementOf(name: string): Statement<object>;
  /** A connection for a player of that name. */
  connect(name: string): Database;
  /** What isWaiting needs to know of a transaction. */
  keyOf(name: string, transaction: Transaction): Promise<string>;
  isWaiting(key: string): Promise<boolean>;
  /** Resolves once a transaction that failed has given back its locks. */
  aborted(transaction: Transaction): Promise<void>;
}

interface Pending {
  readonly label: string;
  readonly key: string;
  outcome: string | null;
  isToldToWait: boolean;
}

export function createStage(options: StageOptions): Stage {
  const lines: string[] = [];
  const open = new Map<string, Player>();
  let pending: Pending[] = [];

  const tellSettled = () => {
    const settled = pending.filter(({ outcome }) => outcome !== null);
    pending = pending.filter(({ outcome }) => outcome === null);
    for (const { label, outcome, isToldToWait } of settled.sort((a, b) => (a.label < b.label ? -1 : 1))) {
      lines.push(`${label}${isToldToWait ? ' goes on' : ''}: ${outcome}`);
    }
  };
  /** Until everybody was answered or waits. */
  const settle = async () => {
    for (;;) {
      const isStill = await Promise.all(pending.map(async (one) => one.outcome !== null || options.isWaiting(one.key)));
      if (isStill.every(Boolean)) break;
      await setImmediate();
    }
    tellSettled();
    for (const one of pending) {
      if (one.isToldToWait) continue;
      one.isToldToWait = true;
      lines.push(`${one.label}: waits`);
    }
  };
  const start = (label: string, key: string, work: Promise<unknown>) => {
    const one: Pending = { label, key, outcome: null, isToldToWait: false };
    pending.push(one);
    work.then(
      (answer) => {
        one.outcome = told(answer);
      },
      (error) => {
        one.outcome = failure(error);
      },
    );
  };

  async function begin(name: string, isSnapshot: boolean): Promise<Player> {
    const database = options.connect(name);
    const begun = Promise.withResolvers<Transaction>();
    const end = Promise.withResolvers<void>();
    const work = async (transaction: Transaction) => {
      begun.resolve(transaction);
      await end.promise;
    };
    const over = isSnapshot ? database.snapshot(work) : database.transaction(work);
    const transaction = await begun.promise;
    const key = await options.keyOf(name, transaction);
    const asked = (statementName: string, values: readonly Value[]) =>
      transaction.query(options.statementOf(statementName), values).catch(async (error: unknown) => {
        await options.aborted(transaction);
        throw error;
      });
    const player: Player = {
      run(statementName, values) {
        start(`${name} ${statementName}`, key, asked(statementName, values));
        return settle();
      },
      async closeCircle(statementName, values) {
        start(`${name} ${statementName}`, key, transaction.query(options.statementOf(statementName), values));
        while (pending.some(({ outcome }) => outcome === null)) await setImmediate();
        const isAnswer = (outcome: string | null) => outcome?.startsWith('[');
        lines.push(...pending.map(({ outcome }) => `somebody ${isAnswer(outcome) ? 'goes on' : outcome}`).sort());
        pending = [];
      },
      commit() {
        open.delete(name);
        end.resolve();
        start(`${name} commit`, key, over);
        return settle();
      },
      rollback() {
        open.delete(name);
        end.reject(new Error('rolled back'));
        const isOver = over.catch(() => {});
        start(`${name} rollback`, key, isOver);
        return settle();
      },
    };
    open.set(name, player);
    return player;
  }

  return {
    lines,
    begin: (name, { isSnapshot = false } = {}) => begin(name, isSnapshot),
    look(what, work) {
      start(what, '', work(options.connect('looker')));
      return settle();
    },
    async close() {
      const count = lines.length;
      await Promise.all([...open.values()].map((player) => player.rollback()));
      lines.length = count;
    },
  };
}

/** Over Postgres: a backend waits when others block it. */
export function postgresStage(database: Database, statementOf: StageOptions['statementOf']): Stage {
  return createStage({
    statementOf,
    connect: () => database,
    keyOf: async (_, transaction) => String((await transaction.query(readPid))[0]?.pid ?? 0),
    isWaiting: async (key) => key !== '' && ((await database.query(isBlocked, [key]))[0]?.is ?? false),
    // Postgres tells of the failure first; what is asked next is answered, by a refusal, when the locks are free.
    aborted: (transaction) =>
      transaction.query(readPid).then(
        () => {},
        () => {},
      ),
  });
}

export function simulatedStage(world: SimulatedDatabase, statementOf: StageOptions['statementOf']): Stage {
  return createStage({
    statementOf,
    connect: (name) => world.connect(name),
    keyOf: async (name) => `${name}#`,
    isWaiting: async (key) =>
      key !== '' && world.transactions().some(({ title, waitsFor }) => title.startsWith(key) && waitsFor !== null),
    aborted: async () => {},
  });
}

const readPid = statement<{ pid: number }>('test.read-pid', 'select pg_backend_pid() as pid');
const isBlocked = statement<{ is: boolean }>(
  'test.is-blocked',
  'select cardinality(pg_blocking_pids($1::int)) > 0 as is',
);

/** Of a row what tells versions apart. */
const SHOWN = [
  'name',
  'version',
  'labels',
  'key',
  'epoch',
  'holder',
  'isLive',
  'isFirst',
  'count',
  'newest',
  'settled',
];

function told(answer: unknown): string {
  const plain = comparable(answer);
  if (!Array.isArray(plain)) return JSON.stringify(plain);
  return JSON.stringify(
    plain.map((row: unknown) => {
      if (typeof row !== 'object' || row === null) return row;
      return Object.fromEntries(Object.entries(row).filter(([key]) => SHOWN.includes(key)));
    }),
  );
}

function failure(error: unknown): string {
  const constraint = violatedConstraint(error);
  return [codeOf(error) ?? String(error), ...(constraint === null ? [] : [constraint])].join(' ');
}
