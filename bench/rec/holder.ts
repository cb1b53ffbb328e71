import type { Child } from '../harness/child.js';
import { loadPaths } from './cluster-state.js';
import { collectingArgs } from './collecting.js';
import type { RecWorld } from './rec-world.js';
import { startFloorChild } from './run-floor.js';

export interface Holder {
  readonly child: Child;
  readonly listMs: number;
  readonly objects: number;
}

export interface HolderOptions {
  /** What it lists. Left out: what our controllers look after. */
  readonly label?: string;
  /** How many objects it holds at most. */
  readonly most?: number;
}

/** The bare process that lists and watches, and holds a line of each object. */
export async function startHolder(
  world: RecWorld,
  signal: AbortSignal,
  { label = 'portolan.dev/instance', most }: HolderOptions = {},
): Promise<Holder> {
  const { server, caPem, tokens } = world.api;
  const config = {
    server,
    caPem,
    token: tokens.floor,
    label,
    plurals: loadPaths,
    ...(most !== undefined && { most }),
  };
  const child = await startFloorChild('kube-holder', config, signal, collectingArgs);
  const { listMs, objects } = JSON.parse(child.firstLine) as { listMs: number; objects: number };
  return { child, listMs, objects };
}
