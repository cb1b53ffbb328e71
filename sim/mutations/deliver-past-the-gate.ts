import type { Statement, Value } from '../../db/statement.js';
import type { Breakage } from '../simulation.js';

/** The tail of the log does not see the locks of those who hold a number and have not committed. */
export const deliverPastTheGate: Breakage = {
  database: (database) => ({
    ...database,
    query: <Row>(statement: Statement<Row>, values?: readonly Value[]): Promise<Row[]> =>
      statement.name === 'feed.lowest-key'
        ? database.query(statement, values).then(() => [{ key: null }] as Row[])
        : database.query(statement, values),
  }),
};
