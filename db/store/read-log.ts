import type { Queryable } from '../database.js';
import { type Place, type ResourceRow, textOfPlace } from './rows.js';

/**
 * What the computation of a changeset looked at: resources as they were found, places where nothing was, and lists with
 * what was in them. All of its reads go through here, so what a plan rests on is complete without anybody's care.
 * What controllers report (status, outputs, objects) is left out: it changes without making a plan another one.
 */
export class ReadLog {
  readonly #rows = new Map<string, ResourceRow>();
  readonly #absent = new Map<string, Place>();
  readonly #lists: ReadList[] = [];

  /** What was asked by place: those that are not among the rows were not there. */
  atPlaces(places: readonly Place[], rows: readonly ResourceRow[]): void {
    this.#found(rows);
    const there = new Set(rows.map((row) => textOfPlace(row)));
    for (const place of places) if (!there.has(textOfPlace(place))) this.#absent.set(textOfPlace(place), place);
  }

  /** What was asked by ids of its own, or of its owners. */
  byIds(name: string, ids: readonly string[], rows: readonly ResourceRow[]): void {
    this.#found(rows);
    this.list({ name, text: '', values: [ids], rows: rows.map((row) => row.id) });
  }

  list(list: ReadList): void {
    this.#lists.push(list);
  }

  get rows(): readonly ResourceRow[] {
    return [...this.#rows.values()];
  }

  get absent(): readonly Place[] {
    return [...this.#absent.values()];
  }

  get lists(): readonly ReadList[] {
    return this.#lists;
  }

  #found(rows: readonly ResourceRow[]): void {
    for (const row of rows) this.#rows.set(row.id, row);
  }
}

/** One statement, perhaps not for the first time: what was given to it, and what it answered. */
export interface ReadList {
  readonly name: string;
  /** Its SQL, which names the kinds that it is about. */
  readonly text: string;
  readonly values: readonly unknown[];
  readonly rows: readonly unknown[];
}

/** The same transaction; what is asked of it is noted. */
export function recordReads(transaction: Queryable, log: ReadLog): Queryable {
  return {
    async query(statement, values) {
      const rows = await transaction.query(statement, values);
      log.list({ name: statement.name, text: statement.text, values: values ?? [], rows });
      return rows;
    },
  };
}
