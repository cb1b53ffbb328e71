import type { Pool, PoolClient } from 'pg';
import type { Transaction } from './database.js';
import { type Answers, type Call, exchange } from './exchange.js';
import { isConnectionFailure } from './failure.js';
import { type Statement, statement, type Value } from './statement.js';

/** See Database.transaction. `beginning` goes out with the first that is asked. */
export async function transact<Result>(
  pool: Pool,
  beginning: Statement<unknown>,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const open = new OpenTransaction(pool, beginning);
  try {
    const result = await work(open);
    await open.commit();
    return result;
  } catch (error) {
    await open.rollBack(error);
    throw error;
  }
}

/** It is not begun as long as nothing was asked, then it has a client of the pool, then it is over and has none. */
class OpenTransaction implements Transaction {
  readonly #pool: Pool;
  readonly #beginning: Statement<unknown>;
  #begun: Promise<Begun> | null = null;
  #isOver = false;

  constructor(pool: Pool, beginning: Statement<unknown>) {
    this.#pool = pool;
    this.#beginning = beginning;
  }

  async query<Row>(asked: Statement<Row>, values: readonly Value[] = []): Promise<Row[]> {
    const [rows = []] = await this.#ask([{ statement: asked, values }]);
    return rows as Row[];
  }

  async queryAll<const Calls extends readonly Call[]>(calls: Calls): Promise<Answers<Calls>> {
    return (await this.#ask(calls)) as unknown as Answers<Calls>;
  }

  async commitWith<const Calls extends readonly Call[]>(calls: Calls): Promise<Answers<Calls>> {
    // What may have been committed is never tried again, as a beginning is.
    if (!this.#begun) await this.#ask([]);
    const answers = await this.#ask([...calls, COMMIT]);
    await this.#end(false);
    return answers.slice(0, -1) as unknown as Answers<Calls>;
  }

  async commit(): Promise<void> {
    if (this.#begun && !this.#isOver) await this.commitWith([]);
  }

  async rollBack(cause: unknown): Promise<void> {
    if (!this.#begun || this.#isOver) return;
    let failure = cause;
    await this.#ask([ROLLBACK]).catch((second) => {
      failure = second;
    });
    await this.#end(isConnectionFailure(failure));
  }

  async #ask(calls: readonly Call[]): Promise<readonly unknown[][]> {
    if (this.#isOver) throw new Error('A transaction was asked after its end. This is a defect in Portolan.');
    if (this.#begun) return exchange((await this.#begun).client, calls);
    this.#begun = begin(this.#pool, [{ statement: this.#beginning }, ...calls]);
    const { answer } = await this.#begun;
    if ('error' in answer) throw answer.error;
    return answer.rows.slice(1);
  }

  async #end(isBroken: boolean): Promise<void> {
    this.#isOver = true;
    const begun = await this.#begun?.catch(() => null);
    begun?.client.release(isBroken);
  }
}

const COMMIT: Call = { statement: statement('database.commit', 'commit') };
const ROLLBACK: Call = { statement: statement('database.rollback', 'rollback') };

/** The client that a transaction has, and what its first message was answered with. */
interface Begun {
  readonly client: PoolClient;
  readonly answer: { readonly rows: readonly unknown[][] } | { readonly error: unknown };
}

/**
 * Idle connections of a restarted server fail at their first use, so another one is tried: nothing of what was begun on
 * a connection that failed remains. What fails while the connection goes on is an answer.
 */
async function begin(pool: Pool, calls: readonly Call[]): Promise<Begun> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await pool.connect();
    try {
      return { client, answer: { rows: await exchange(client, calls) } };
    } catch (error) {
      if (!isConnectionFailure(error)) return { client, answer: { error } };
      client.release(true);
      if (attempt === BEGIN_ATTEMPTS) throw error;
    }
  }
}

const BEGIN_ATTEMPTS = 3;
