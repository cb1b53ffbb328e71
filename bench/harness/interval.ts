/** The middle of some numbers and how sure it is. */
export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** How likely the true median is between low and high, whatever the numbers are distributed like. */
  readonly coverage: number;
}

/**
 * The median with its order-statistic interval: the narrowest pair of values, equally far from both ends, that holds the
 * true median with at least 93 %. With five numbers these are the smallest and the largest (93.75 %); with fewer they
 * are too, and hold it less surely. null for no numbers.
 */
export function medianInterval(values: readonly number[]): Interval | null {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  const middle = (count - 1) / 2;
  const at = (index: number) => sorted[index] ?? Number.NaN;
  if (count === 0) return null;
  let cut = 0;
  while (cut + 1 <= middle && coverageOf(count, cut + 1) >= WANTED_COVERAGE) cut += 1;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(cut),
    high: at(count - 1 - cut),
    coverage: coverageOf(count, cut),
  };
}

/** What five rounds, the fewest of a full run, give by their extremes. */
const WANTED_COVERAGE = 0.93;

/** Each number is below the median with one half, so how many are is binomial. `cut` values are left out at each end. */
function coverageOf(count: number, cut: number): number {
  let below = 0;
  let ways = 1;
  for (let index = 0; index <= cut; index += 1) {
    below += ways;
    ways = (ways * (count - index)) / (index + 1);
  }
  return Math.max(0, 1 - (2 * below) / 2 ** count);
}
