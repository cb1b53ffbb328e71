/** How values of Postgres become values of ours, by type oid (pg_type.dat). */
export const valueTypes = {
  getTypeParser: (oid: number) => parsers.get(oid) ?? asText,
};

const asText = (text: string): unknown => text;

const parsers = new Map<number, (text: string) => unknown>([
  [16, (text) => text === 't'],
  [17, (text) => Buffer.from(text.slice(2), 'hex')],
  [20, BigInt],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
  [114, (text) => JSON.parse(text)],
  [3802, (text) => JSON.parse(text)],
  [1184, isoTime],
  [1009, textArray],
  [2951, textArray],
]);

/** `2026-11-22 18:33:26.123456+00` as ISO 8601 in UTC, to the millisecond. */
function isoTime(text: string): string {
  // A third of the time of a large page went into dates, and nearly all of them come in UTC with a year of four digits.
  if (text.length >= SHORTEST && text.length <= LONGEST && text.endsWith('+00') && text[10] === ' ') {
    const fraction = text.length === SHORTEST ? '000' : text.slice(20, Math.min(23, text.length - 3)).padEnd(3, '0');
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
  }
  return new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString();
}

const SHORTEST = '2026-11-22 18:33:26+00'.length;
const LONGEST = '2026-11-22 18:33:26.123456+00'.length;

/** `{a,"b c"}`, one dimension, no null. */
function textArray(text: string): string[] {
  return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1'),
  );
}
