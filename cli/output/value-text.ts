import { cut } from './colour.js';

/** A value on one line: a word as it is, anything else as JSON. Longer ones are cut: `-o json` has them whole. */
export function valueText(value: unknown): string {
  return cut(typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value ?? null), LONGEST_VALUE);
}

const LONGEST_VALUE = 120;
