/** What reads need of a database: prepared statements. Timestamps come as ISO 8601 text in UTC, jsonb parsed. */
export interface ReadSource {
  query<Row>(statement: ReadStatement<Row>, values?: readonly ReadValue[]): Promise<Row[]>;
}

export interface ReadStatement<Row> {
  readonly name: string;
  readonly text: string;
  /** Never there; carries the type. */
  readonly row?: Row;
}

export type ReadValue = string | number | boolean | null | readonly string[];
