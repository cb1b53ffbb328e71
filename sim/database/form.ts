import type { Run } from './run.js';
import type { Values } from './values.js';

/** What a named statement of db/ does, in TypeScript over the simulated tables. Answers with rows as the statement has them. */
export type Form = (run: Run, values: Values) => Promise<readonly object[]> | readonly object[];

/** By the name of the statement. */
export type Forms = Readonly<Record<string, Form>>;
