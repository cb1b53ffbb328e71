import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../lib/errors.js';
import { findDoubled } from './findings/find-doubled.js';
import { findLost } from './findings/find-lost.js';
import { findOrphaned } from './findings/find-orphaned.js';
import { findStuck } from './findings/find-stuck.js';
import type { Follower } from './follower.js';
import type { OutsideCluster } from './outside/outside-cluster.js';
import type { SeenWorld } from './outside/seen-world.js';
import type { System } from './system.js';
import type { User } from './user.js';
import type { Wishes } from './wish.js';

export interface Convergence {
  /** Since the last start; null: not within the bound. */
  readonly convergedAfterMs: number | null;
  readonly findings: readonly string[];
  /** As it was seen last; null: it was not. */
  readonly world: SeenWorld | null;
}

export interface Converging {
  readonly system: System;
  readonly cluster: OutsideCluster;
  readonly user: User;
  readonly follower: Follower;
  /** What is promised, in milliseconds. */
  readonly withinMs: number;
}

/**
 * Looks from outside until all is as wished and nothing else is there. What is not so within the bound is waited for a
 * while longer, to tell what is late from what is stuck.
 */
export async function converge(of: Converging, wishes: Wishes): Promise<Convergence> {
  const { system, follower, withinMs } = of;
  const sinceMs = () => Math.round(performance.now() - system.startedMs());
  for (;;) {
    const isOver = sinceMs() > withinMs * LATEST;
    const look = await lookAt(of, wishes, isOver).catch((error: unknown) => failedLook(error));
    if (look.findings.length === 0) {
      await seesEnd(system, follower);
      const convergedAfterMs = sinceMs();
      const late = `It converged after ${convergedAfterMs} ms, and ${withinMs} ms are promised.`;
      return { convergedAfterMs, ...look, findings: convergedAfterMs > withinMs ? [late] : [] };
    }
    if (isOver) return { convergedAfterMs: null, ...look };
    await delay(LOOK_EVERY_MS);
  }
}

/** Waits until the subscriber has seen all that is in the log now. Throws when it does not come. */
export async function seesEnd({ database }: System, follower: Follower): Promise<void> {
  const newest = await database.newest();
  const untilMs = performance.now() + SEEN_WITHIN_MS;
  while (!follower.hasSeen(newest)) {
    if (performance.now() > untilMs) throw new Error(`The subscriber of changes has not seen commit ${newest}.`);
    await delay(LOOK_EVERY_MS);
  }
}

/** Times the bound: what has not converged by then is stuck. */
const LATEST = 4;
const SEEN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 150;

type Look = Pick<Convergence, 'findings' | 'world'>;

/** At the cluster only once the database says that it has settled, for that look costs more. */
async function lookAt({ system, cluster, user }: Converging, wishes: Wishes, isWhole: boolean): Promise<Look> {
  if (!(await system.isReady()) && !isWhole) return { findings: ['The server does not answer.'], world: null };
  const stuck = findStuck(wishes, await system.database.progress());
  if (stuck.length > 0 && !isWhole) return { findings: stuck, world: null };
  const [objects, cloud] = await Promise.all([cluster.objects(), cluster.cloud()]);
  const stored = await system.database.facts();
  const world: SeenWorld = { wishes, acknowledged: user.acknowledged(), stored, objects, cloud };
  return {
    findings: [...findStuck(wishes, stored), ...findLost(world), ...findDoubled(world), ...findOrphaned(world)],
    world,
  };
}

function failedLook(error: unknown): Look {
  return { findings: [`It cannot be looked at: ${errorText(error)}`], world: null };
}
