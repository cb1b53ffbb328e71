import { TerminalError } from '../../lib/errors.js';

/** What a node of a size has. Throws TerminalError for a size that is not known. */
export function machineOf(size: string): { readonly cpu: number; readonly memoryGib: number } {
  const machine = machines[size];
  if (machine) return { cpu: machine[0], memoryGib: machine[1] };
  throw new TerminalError(`There is no size ${size}; there are ${Object.keys(machines).join(', ')}.`);
}

/** Cores and GiB, four of these a core as general machines have them, but for the smallest. */
const machines: Readonly<Record<string, readonly [number, number]>> = {
  '2xsmall': [1, 1],
  xsmall: [1, 2],
  small: [2, 4],
  medium: [2, 8],
  large: [4, 16],
  xlarge: [8, 32],
  '2xlarge': [16, 64],
  '3xlarge': [32, 128],
  '4xlarge': [64, 256],
};
