import { isJsonObject } from '../../lib/canonical.js';

/** What `{ $from: 'db.host' }` names; null when `value` is no such reference. */
export function sourceOf(value: unknown): string | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return null;
  return typeof value.$from === 'string' ? value.$from : null;
}
