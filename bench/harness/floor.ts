import { compiled } from './child.js';
import { startOverPlane } from './over-plane.js';
import type { BenchPlane } from './plane.js';

/** Starts `bench/floors/NAME.ts` over the database of the plane. */
export function startFloor(name: string, plane: BenchPlane, signal: AbortSignal) {
  return startOverPlane(compiled('bench', 'floors', `${name}.js`), plane, signal);
}
