import type { Value } from './statement.js';

/** A value as Postgres reads it: text, or bytes as they are. */
export function wireValue(value: Value): string | Buffer | null {
  if (value === null || typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return arrayText(value);
  return value instanceof Date ? value.toISOString() : String(value);
}

/** An array literal (Postgres manual, 8.15.2). */
function arrayText(items: readonly Value[]): string {
  return `{${items.map(itemText).join(',')}}`;
}

function itemText(item: Value): string {
  if (item === null) return 'NULL';
  if (Array.isArray(item)) return arrayText(item);
  const text = Buffer.isBuffer(item) ? `\\x${item.toString('hex')}` : String(wireValue(item));
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
