import { type Child, startChild } from './child.js';
import type { BenchPlane } from './plane.js';

/** Starts a program that answers over the database of the plane, and says its address in its first line. */
export async function startOverPlane(
  program: string,
  plane: BenchPlane,
  signal: AbortSignal,
): Promise<Child & { readonly url: string }> {
  const config = { ...plane.connection, token: plane.tokens.operator };
  const child = await startChild({ program, config, signal });
  return { ...child, url: child.firstLine };
}
