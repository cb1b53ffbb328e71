/**
 * One SQL text with a name of its own: Postgres plans it once for each connection. `Row` is what a row looks like, by
 * agreement: timestamps are ISO 8601 text in UTC, bigint is a bigint, jsonb is parsed, bytea is a Buffer.
 */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  /** Never there; carries the type. */
  readonly row?: Row;
}

/** `name` must be unique in the process: lower case, dotted, such as `store.lock-resources`. */
export function statement<Row = never>(name: string, text: string): Statement<Row> {
  return { name, text };
}

export type Value = string | number | bigint | boolean | null | Date | Buffer | readonly Value[];
