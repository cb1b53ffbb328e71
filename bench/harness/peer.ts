import { join } from 'node:path';
import { startOverPlane } from './over-plane.js';
import { peersFolder } from './peer-packages.js';
import type { BenchPlane } from './plane.js';

/** Starts `bench/peers/NAME.ts`, a server of the same graph that Node runs without a compiler, over the database of the plane. */
export function startPeerServer(name: string, plane: BenchPlane, signal: AbortSignal) {
  return startOverPlane(join(peersFolder, 'peers', `${name}.ts`), plane, signal);
}
