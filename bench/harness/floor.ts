import { type Child, compiled, startChild } from './child.js';
import type { BenchPlane } from './plane.js';

/** Starts `bench/floors/NAME.ts` over the database of the plane. `more` is added to what it is told. */
export async function startFloor(
  name: string,
  plane: BenchPlane,
  signal: AbortSignal,
  more: object = {},
): Promise<Child & { readonly url: string }> {
  const config = { ...plane.connection, token: plane.tokens.operator, ...more };
  const child = await startChild({ program: compiled('bench', 'floors', `${name}.js`), config, signal });
  return { ...child, url: child.firstLine };
}
