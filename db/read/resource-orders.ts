import { type CursorType, encodeCursor } from './cursor.js';
import type { ResourceOrder } from './filters.js';
import type { ResourceRow } from './resource-row.js';
import type { Parameters } from './sql.js';

/** A total order: the id comes last, so that equal keys cannot repeat or lose rows between pages. */
export interface KeysetOrder {
  readonly cursor: CursorType;
  readonly by: string;
  /** Selected beside the columns, for the cursor. */
  readonly key: string;
  /** The condition of what comes after these keys. */
  after(keys: readonly string[], parameters: Parameters): string;
}

export const resourceOrders: Readonly<Record<ResourceOrder, KeysetOrder>> = {
  NAME: {
    cursor: { tag: 'n', keys: ['text', 'uuid'] },
    by: 'r.name, r.id',
    key: 'r.name',
    after: (keys, { add }) => `(r.name, r.id) > (${add(keys[0] ?? '')}, ${add(keys[1] ?? '')}::uuid)`,
  },
  CREATED_DESC: newestFirst('c', 'r.created_at'),
  UPDATED_DESC: newestFirst('u', 'r.updated_at'),
};

export function resourceCursor(order: KeysetOrder, row: ResourceRow & { readonly sortKey: string }): string {
  return encodeCursor(order.cursor, [row.sortKey, row.id]);
}

/** As text, since a cursor needs the microseconds that ISO text of ours leaves out. */
function newestFirst(tag: string, column: string): KeysetOrder {
  return {
    cursor: { tag, keys: ['time', 'uuid'] },
    by: `${column} desc, r.id desc`,
    key: `${column}::text`,
    after: (keys, { add }) => `(${column}, r.id) < (${add(keys[0] ?? '')}::timestamptz, ${add(keys[1] ?? '')}::uuid)`,
  };
}
