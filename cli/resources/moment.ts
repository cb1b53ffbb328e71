import { parseDuration } from '../output/duration.js';

/**
 * A moment as the graph takes it, from what a person writes: a cursor, ISO 8601 (without an offset: the time of this
 * machine), or a time ago such as 15m. null when it is none of these.
 */
export function parseMoment(text: string, nowMs: number): string | null {
  if (CURSOR.test(text)) return text;
  const agoMs = /^\d+$/.test(text) ? null : parseDuration(text);
  if (agoMs !== null) return new Date(nowMs - agoMs).toISOString();
  const time = TIME.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** When a moment was, as far as that can be told without the log. */
export function timeOfMoment(moment: string | undefined, nowMs: number): number {
  return moment === undefined || CURSOR.test(moment) ? nowMs : Date.parse(moment);
}

const CURSOR = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:\d{1,18}$/;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/;
