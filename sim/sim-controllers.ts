import type { SandboxAccess } from '../controllers/sandbox-access.js';
import { type Controllers, startControllers } from '../controllers/start-controllers.js';
import type { GraphClient } from '../sdk/graph-client.js';
import type { SimProcess } from './process.js';

export interface SimControllersOptions {
  readonly process: SimProcess;
  readonly client: GraphClient;
  readonly sandbox: SandboxAccess;
}

/** The controllers of all kinds, as a process of their own runs them. */
export function startSimControllers({ process, client, sandbox }: SimControllersOptions): Controllers {
  const { clock, log, random } = process;
  return startControllers({
    client,
    clock,
    log,
    random,
    secretRandom: random,
    sandboxSocketPath: null,
    sandbox,
    resyncMs: RESYNC_MS,
    cloudEveryMs: CLOUD_EVERY_MS,
  });
}

/** Shorter than in the product, so that a run need not last so long. */
const RESYNC_MS = 40_000;
const CLOUD_EVERY_MS = 60_000;
