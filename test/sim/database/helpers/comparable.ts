import { canonicalJson } from '../../../../lib/canonical.js';

/**
 * What the two sides must have in common: all but times, of which only counts that there is one. Maps and pages are taken
 * as plain data, bytes as text.
 */
export function comparable(value: unknown): unknown {
  if (value instanceof Error) return { error: value.name, message: told(value.message), ...codeOf(value) };
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return withoutTimes(value);
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (value instanceof Map) return [...value].map(comparable).sort(byJson);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value).filter(([key, item]) => !IGNORED.has(key) && typeof item !== 'function');
  return Object.fromEntries(
    entries.map(([key, item]) => [key, TIMES.has(key) && item !== null ? TIME : comparable(item)]),
  );
}

/** Of an order that does not matter. */
export function unordered(rows: readonly unknown[]): readonly unknown[] {
  return rows.map(comparable).sort(byJson);
}

const TIME = '<time>';
/** Columns of the tables that are times. */
const TIMES = new Set([
  ...['at', 'createdAt', 'updatedAt', 'deletionRequestedAt', 'since', 'begunAt', 'resolvedAt', 'registeredAt'],
  ...['firstAt', 'lastAt', 'expiresAt', 'nextRetryAt', 'revokedAt', 'joinedAt', 'seenUntil', 'claimedUntil'],
]);
/** What is left of a lease, and what a plan rests on, have times in them; how large a document is is a matter of Postgres; sort keys are opaque. */
const IGNORED = new Set(['ttlMs', 'freeForMs', 'ageMs', 'sinceMs', 'sizeBytes', 'sortKey', 'hash']);

const withoutTimes = (text: string) => text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, TIME);

/** What is in the way is listed in no order. */
const told = (message: string) =>
  withoutTimes(message)
    .replace(/\.$/, '')
    .split(/, | is /)
    .sort()
    .join(', ');

const codeOf = (error: Error) => ('code' in error ? { code: error.code } : {});

const byJson = (a: unknown, b: unknown) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1);
