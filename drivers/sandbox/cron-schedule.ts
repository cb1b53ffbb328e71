/** The times of a CronJob (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax), in UTC. */
export interface CronSchedule {
  /** The first time after `ms`; null when there is none within four years. */
  next(ms: number): number | null;
}

/** Reads `minute hour day month weekday` or a name such as `@daily`. A text: what is wrong with it. */
export function parseSchedule(schedule: string): CronSchedule | string {
  const fields = (named[schedule] ?? schedule).trim().split(/\s+/);
  if (fields.length !== ranges.length) return `expected exactly 5 fields, found ${fields.length}: [${schedule}]`;
  const sets = fields.map((field, index) => parseField(field, ranges[index] ?? { from: 0, to: 0 }));
  const wrong = sets.indexOf(null);
  if (wrong >= 0) return `failed to parse field ${JSON.stringify(fields[wrong])}`;
  const [minutes, hours, days, months, weekdays] = sets.map((set) => set ?? new Set<number>());
  const isAnyDay = fields[2] === '*';
  const isAnyWeekday = fields[4] === '*';

  const isDay = (date: Date): boolean => {
    const isByDate = days?.has(date.getUTCDate()) ?? false;
    const isByWeekday = weekdays?.has(date.getUTCDay()) ?? false;
    // When both are restricted, either is enough.
    return isAnyDay || isAnyWeekday ? isByDate && isByWeekday : isByDate || isByWeekday;
  };
  return {
    next(ms) {
      const date = new Date(Math.floor(ms / minuteMs) * minuteMs + minuteMs);
      const end = ms + 4 * 366 * 24 * 60 * minuteMs;
      while (date.getTime() <= end) {
        if (!months?.has(date.getUTCMonth() + 1)) date.setUTCMonth(date.getUTCMonth() + 1, 1) && date.setUTCHours(0, 0);
        else if (!isDay(date)) date.setUTCDate(date.getUTCDate() + 1) && date.setUTCHours(0, 0);
        else if (!hours?.has(date.getUTCHours())) date.setUTCHours(date.getUTCHours() + 1, 0);
        else if (!minutes?.has(date.getUTCMinutes())) date.setUTCMinutes(date.getUTCMinutes() + 1);
        else return date.getTime();
      }
      return null;
    },
  };
}

const minuteMs = 60_000;

const named: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

interface Range {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const ranges: readonly Range[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { from: 0, to: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

function parseField(field: string, range: Range): ReadonlySet<number> | null {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, span = '', step] = /^(\*|\?|\w+(?:-\w+)?)(?:\/(\d+))?$/.exec(part) ?? [];
    const isAny = span === '*' || span === '?';
    const [first = '', last] = span.split('-');
    const from = isAny ? range.from : numberOf(first, range);
    const to = isAny || (step !== undefined && last === undefined) ? range.to : numberOf(last ?? first, range);
    const by = Number(step ?? 1);
    if (!(from >= range.from && to <= range.to && from <= to && by >= 1)) return null;
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

function numberOf(written: string, { names }: Range): number {
  const index = names?.indexOf(written.toLowerCase()) ?? -1;
  return index >= 0 ? index : Number(written || Number.NaN);
}
