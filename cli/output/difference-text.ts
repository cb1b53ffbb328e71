import { type Colour, cut, paint } from './colour.js';

/** A field as it is in the cluster and as it is desired; null on a side where it is not there. */
export interface ShownDifference {
  readonly path: string;
  readonly desired?: unknown;
  readonly live?: unknown;
}

/** `~ spec.replicas: 9 → 3`: from what is there to what is desired. `+` and `-` where a side has nothing. */
export function fieldLine({ path, desired, live }: ShownDifference, hasColour: boolean): string {
  const [sign, colour] = signOf(live, desired);
  const values = sign === '+' ? textOf(desired) : sign === '-' ? textOf(live) : `${textOf(live)} → ${textOf(desired)}`;
  return `${paint(sign, colour, hasColour)} ${path}: ${values}`;
}

function signOf(live: unknown, desired: unknown): readonly ['+' | '-' | '~', Colour] {
  if (live === null || live === undefined) return ['+', 'green'];
  return desired === null || desired === undefined ? ['-', 'red'] : ['~', 'yellow'];
}

/** Longer values are cut: `-o json` has them whole. */
const LONGEST_VALUE = 120;

function textOf(value: unknown): string {
  return cut(typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value ?? null), LONGEST_VALUE);
}
