import { createHash } from 'node:crypto';
import { type Statement, statement, type Value } from '../statement.js';

/** The values of one statement, numbered as they are added. */
export interface Parameters {
  /** Adds a value and gives its place: `$3`. */
  add(value: Value): string;
  readonly values: readonly Value[];
}

export function createParameters(): Parameters {
  const values: Value[] = [];
  return { add: (value) => `$${values.push(value)}`, values };
}

/**
 * The statement of a text that was composed from what was asked for. The same text has the same name, so that Postgres
 * plans it once for each connection. Each name costs memory in every connection, so there is a bound; beyond it, texts
 * have no name and are planned each time.
 */
export function composed<Row>(text: string): Statement<Row> {
  const known = statements.get(text);
  if (known) return known;
  if (statements.size >= MAX_STATEMENTS) return { name: '', text };
  const made: Statement<Row> = statement(`read.${createHash('sha256').update(text).digest('hex').slice(0, 24)}`, text);
  statements.set(text, made);
  return made;
}

const MAX_STATEMENTS = 500;
const statements = new Map<string, { readonly name: string; readonly text: string }>();

/** Rows by what `keyOf` says, in their order. */
export function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

export function mapGroups<From, To>(
  groups: ReadonlyMap<string, From>,
  map: (group: From) => To,
): ReadonlyMap<string, To> {
  return new Map([...groups].map(([key, group]) => [key, map(group)]));
}
