import type { Transaction } from '../db/database.js';
import type { SimulatedConnection } from './database/connection.js';
import type { SimProcess } from './process.js';

/**
 * The database as one process reaches it. A process that is frozen hears its answers later, a dead one never; and
 * between a commit and the moment when its process hears of it there is time to die.
 */
export function databaseOf(
  process: SimProcess,
  connection: SimulatedConnection,
  inner: SimulatedConnection,
): SimulatedConnection {
  process.died.addEventListener('abort', () => connection.kill(), { once: true });
  const heard = <Answer>(answer: Promise<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const pass = (settle: () => void) => {
        if (process.isDead) return;
        if (process.frozenUntilMs > process.clock.monotonicMs()) process.after(0, 'database: answer', settle);
        else settle();
      };
      answer.then(
        (value) => pass(() => resolve(value)),
        (error: unknown) => pass(() => reject(error)),
      );
    });
  const transaction = (on: Transaction): Transaction => ({
    query: (statement, values) => heard(on.query(statement, values)),
    queryAll: (calls) => heard(on.queryAll(calls)),
    commitWith: (calls) => heard(on.commitWith(calls)),
  });
  return {
    connection: inner.connection,
    query: (statement, values) => heard(inner.query(statement, values)),
    transaction: (work) =>
      process.hear(
        'database: committed',
        inner.transaction((open) => work(transaction(open))),
      ),
    snapshot: (work) => heard(inner.snapshot((open) => work(transaction(open)))),
    read: (what, look) => heard(inner.read(what, look)),
    cut: () => inner.cut(),
    kill: () => inner.kill(),
    close: () => inner.close(),
  };
}

/** What the database is called on the network. */
export const DATABASE = 'database';
