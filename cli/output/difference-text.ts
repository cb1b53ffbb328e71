import { type Colour, paint } from './colour.js';
import { valueText } from './value-text.js';

/** A field as it is in the cluster and as it is desired; null on a side where it is not there. */
export interface ShownDifference {
  readonly path: string;
  readonly desired?: unknown;
  readonly live?: unknown;
}

/** `~ spec.replicas: 9 → 3`: from what is there to what is desired. `+` and `-` where a side has nothing. */
export function fieldLine({ path, desired, live }: ShownDifference, hasColour: boolean): string {
  const [sign, colour] = signOf(live, desired);
  const values =
    sign === '+' ? valueText(desired) : sign === '-' ? valueText(live) : `${valueText(live)} → ${valueText(desired)}`;
  return `${paint(sign, colour, hasColour)} ${path}: ${values}`;
}

function signOf(live: unknown, desired: unknown): readonly ['+' | '-' | '~', Colour] {
  if (live === null || live === undefined) return ['+', 'green'];
  return desired === null || desired === undefined ? ['-', 'red'] : ['~', 'yellow'];
}
