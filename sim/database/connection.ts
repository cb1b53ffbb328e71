import type { DatabaseConnection } from '../../db/connection.js';
import type { Database, Transaction } from '../../db/database.js';
import type { Call } from '../../db/exchange.js';
import { databaseFailure } from '../../db/failure.js';
import type { Statement, Value } from '../../db/statement.js';
import type { Engine } from './engine.js';
import { Run } from './run.js';
import type { Fate, Message } from './simulated-database.js';
import { sqlError } from './sql-error.js';
import { formOf } from './statements.js';
import type { SimulatedTransaction } from './transaction.js';

/** What a process has of the simulated database. */
export interface SimulatedConnection extends Database {
  /** One read that is no named statement: `look` sees one moment, and may not wait. `what` is for the trace. */
  read<Result>(what: string, look: (run: Run) => Result): Promise<Result>;
  /** The network, or Postgres, ended all its connections: what is under way fails. The next call connects anew. */
  cut(): void;
  /** The process is gone: its transactions are rolled back, and nothing that it asked is ever answered. */
  kill(): void;
}

export interface ConnectionOptions {
  readonly engine: Engine;
  readonly name: string;
  isUp(): boolean;
  fateOf(message: Message): Fate;
  onEnd(): void;
}

export function createConnection({ engine, name, isUp, fateOf, onEnd }: ConnectionOptions): SimulatedConnection {
  const connection: DatabaseConnection = { host: 'simulated', port: 5432, user: 'portolan', database: name };
  const open = new Set<SimulatedTransaction>();
  let isKilled = false;
  let isClosed = false;

  /** What a process asks is answered as long as there is one. */
  async function answered<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      if (isClosed) throw lost();
      const result = await work();
      return isKilled ? await never() : result;
    } catch (error) {
      if (isKilled) return never();
      throw error;
    }
  }

  const told = <Result>(work: () => Promise<Result>): Promise<Result> =>
    answered(work).catch((error) => {
      throw databaseFailure(error, connection);
    });

  /** One message and its answer. */
  async function exchange<Result>(
    transaction: SimulatedTransaction | null,
    what: Message['what'],
    statement: string,
    work: () => Promise<Result> | Result,
  ): Promise<Result> {
    await engine.scheduler.step(`${transaction?.title ?? name} ${statement === '' ? what : statement}`);
    if (isKilled) return never();
    if (transaction?.lost) throw transaction.lost;
    if (!isUp()) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const fate = fateOf({ connection: name, what, name: statement });
    // A transaction that nobody heard of ends by itself, so it is as if it had not begun.
    if (fate === 'requestLost' || (fate === 'replyLost' && what === 'begin')) throw lose(transaction);
    const result = await work();
    if (fate === 'replyLost') throw lose(transaction);
    return result;
  }

  function lose(transaction: SimulatedTransaction | null): Error {
    const error = lost();
    if (transaction) end(transaction, error);
    return error;
  }

  function end(transaction: SimulatedTransaction, error: Error): void {
    transaction.lost = error;
    transaction.waiting?.fail(error);
    engine.rollback(transaction);
    engine.closeView(transaction);
    open.delete(transaction);
  }

  function endAll(): void {
    for (const transaction of [...open]) end(transaction, lost());
  }

  function begin(isSnapshot: boolean): SimulatedTransaction {
    const transaction = engine.begin(name, isSnapshot);
    open.add(transaction);
    return transaction;
  }

  function commit(transaction: SimulatedTransaction): void {
    // What failed before is rolled back by a commit.
    if (transaction.hasFailed) engine.rollback(transaction);
    else engine.commit(transaction);
    engine.closeView(transaction);
    open.delete(transaction);
  }

  async function run<Row>(
    transaction: SimulatedTransaction,
    statement: Statement<Row>,
    values: readonly Value[],
  ): Promise<Row[]> {
    if (transaction.hasFailed) throw sqlError('25P02', 'current transaction is aborted');
    const form = formOf(statement.name);
    // All statements of a snapshot see what its first one sees.
    if (transaction.isSnapshot && !transaction.hasView) {
      transaction.hasView = true;
      transaction.sees = engine.commits;
      engine.openView(transaction, transaction.sees);
    }
    const running = new Run(engine, transaction);
    engine.openView(running, running.sees);
    try {
      const rows = await form(running, values);
      await running.finish();
      return rows as Row[];
    } catch (error) {
      // Its locks go at once: what follows is only told that it has failed.
      transaction.hasFailed = true;
      engine.rollback(transaction);
      throw error;
    } finally {
      engine.closeView(running);
    }
  }

  async function transact<Result>(
    isSnapshot: boolean,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const transaction = await exchange(null, 'begin', '', () => begin(isSnapshot));
    try {
      let isOver = false;
      const ask: Transaction['query'] = (statement, values = []) =>
        answered(() => exchange(transaction, 'statement', statement.name, () => run(transaction, statement, values)));
      // Sent together, but carried out one by one: anything may happen in between.
      const askAll = async (calls: readonly Call[]) => {
        const answers: unknown[][] = [];
        for (const { statement, values = [] } of calls) answers.push(await ask(statement, values));
        return answers as never;
      };
      const result = await work({
        query: ask,
        queryAll: askAll,
        async commitWith(calls) {
          const answers = await askAll(calls);
          await answered(() => exchange(transaction, 'commit', '', () => commit(transaction)));
          isOver = true;
          return answers;
        },
      });
      if (!isOver) await exchange(transaction, 'commit', '', () => commit(transaction));
      return result;
    } catch (error) {
      if (!transaction.lost) {
        await exchange(transaction, 'rollback', '', () => end(transaction, lost())).catch(() => {});
      }
      throw error;
    }
  }

  async function alone<Row>(statement: Statement<Row>, values: readonly Value[]): Promise<Row[]> {
    return exchange(null, 'statement', statement.name, async () => {
      const transaction = begin(false);
      try {
        const rows = await run(transaction, statement, values);
        // Written, and seen by nobody yet: here others may come in between, or the connection may go.
        if (transaction.written.size > 0) await engine.scheduler.step(`${transaction.title} commit`);
        if (transaction.lost) throw transaction.lost;
        commit(transaction);
        return rows;
      } catch (error) {
        end(transaction, lost());
        throw error;
      }
    });
  }

  return {
    connection,
    read: (what, look) =>
      told(() =>
        exchange(null, 'statement', what, () => {
          // Begun and over at once, so nothing needs to be kept for it.
          const transaction = engine.begin(name, false);
          const answer = look(new Run(engine, transaction));
          engine.commit(transaction);
          return answer;
        }),
      ),
    query: (statement, values = []) => told(() => alone(statement, values)),
    transaction: (work) => told(() => transact(false, work)),
    snapshot: (work) => told(() => transact(true, work)),
    cut: endAll,
    kill() {
      isKilled = true;
      endAll();
      onEnd();
    },
    async close() {
      isClosed = true;
      endAll();
      onEnd();
    },
  };
}

/** Another one each time: one that all wait for would keep all of them, and so whole runs, in memory. */
const never = () => new Promise<never>(() => {});

/** As `pg` says it: see isConnectionFailure in db/failure.ts. */
const lost = () => new Error('Connection terminated unexpectedly');
