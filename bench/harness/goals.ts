import type { Goal, Sample } from '../case.js';

/** CPU of one operation of `base` over that of `ours`: 1 is as cheap as it, 2 is half of what it costs. */
export function cheaperThan(base: string, atLeast: number, ours = 'ours'): Goal {
  return {
    name: `CPU of ${base} / ${ours}`,
    unit: 'times',
    atLeast,
    value: (round) => ratio(cpuEach(round.get(base)), cpuEach(round.get(ours))),
  };
}

/** Operations each second of `ours` over those of `base`. */
export function fasterThan(base: string, atLeast: number, ours = 'ours'): Goal {
  return {
    name: `rate of ${ours} / ${base}`,
    unit: 'times',
    atLeast,
    value: (round) => ratio(rate(round.get(ours)), rate(round.get(base))),
  };
}

/** One figure of `ours` over the same of `base`: latency, bytes. */
export function figureTimes(figure: string, base: string, atMost: number, ours = 'ours'): Goal {
  return {
    name: `${figure} of ${ours} / ${base}`,
    unit: 'times',
    atMost,
    value: (round) => ratio(round.get(ours)?.figures?.[figure] ?? null, round.get(base)?.figures?.[figure] ?? null),
  };
}

/** One figure of `ours` by itself. */
export function figureAtMost(figure: string, unit: string, atMost: number, ours = 'ours'): Goal {
  return { name: `${figure} of ${ours}`, unit, atMost, value: (round) => round.get(ours)?.figures?.[figure] ?? null };
}

/** The smallest CPU each of several: a floor is the cheaper of two ways. */
export function cheaperThanAnyOf(bases: readonly string[], atLeast: number, ours = 'ours'): Goal {
  return {
    name: `CPU of the cheaper of ${bases.join(' and ')} / ${ours}`,
    unit: 'times',
    atLeast,
    value(round) {
      const costs = bases.map((base) => cpuEach(round.get(base)));
      const known = costs.filter((cost) => cost !== null);
      return known.length === bases.length ? ratio(Math.min(...known), cpuEach(round.get(ours))) : null;
    },
  };
}

function cpuEach(sample: Sample | undefined): number | null {
  return sample ? sample.cpuMs / sample.operations : null;
}

function rate(sample: Sample | undefined): number | null {
  return sample ? sample.operations / sample.wallMs : null;
}

function ratio(above: number | null, below: number | null): number | null {
  return above === null || below === null || below === 0 ? null : above / below;
}
