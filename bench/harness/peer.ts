import { join } from 'node:path';
import { type Child, startChild } from './child.js';
import { peersFolder } from './peer-packages.js';
import type { BenchPlane } from './plane.js';

/** Starts `bench/peers/NAME.ts`, which Node runs without a compiler, over the database of the plane. */
export async function startPeer(
  name: string,
  plane: BenchPlane,
  signal: AbortSignal,
  more: object = {},
): Promise<Child & { readonly url: string }> {
  const config = { ...plane.connection, token: plane.tokens.operator, ...more };
  const child = await startChild({ program: join(peersFolder, 'peers', `${name}.ts`), config, signal });
  return { ...child, url: child.firstLine };
}
