import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../lib/errors.js';
import { createSeededRandom } from '../lib/random.js';
import { checkChanges } from '../sim/history/check-changes.js';
import { checkLog } from '../sim/history/check-log.js';
import { type Change, leftBehind, nextChange } from './change.js';
import { converge, seesEnd } from './converge.js';
import type { Follower } from './follower.js';
import { type Kill, planKills } from './kill-plan.js';
import type { LiveReader } from './live-reader.js';
import type { OutsideCluster } from './outside/outside-cluster.js';
import type { SeenWorld } from './outside/seen-world.js';
import type { System } from './system.js';
import type { User } from './user.js';
import type { Wishes } from './wish.js';

/** One trial: what was changed and killed, and what was found to be wrong afterwards. */
export interface Trial {
  readonly changes: readonly string[];
  readonly kills: readonly Kill[];
  /** After the last start; null: not within the bound. */
  readonly convergedAfterMs: number | null;
  /** Sentences; none on a good trial. */
  readonly findings: readonly string[];
  /** What is wished now. */
  readonly wishes: Wishes;
  /** As it was seen last. */
  readonly world: SeenWorld | null;
}

export interface TrialOptions {
  readonly number: number;
  readonly seed: number;
  readonly system: System;
  readonly cluster: OutsideCluster;
  readonly user: User;
  readonly follower: Follower;
  readonly live: LiveReader;
  /** In which it is to converge, in milliseconds. */
  readonly withinMs: number;
  /** What is wished, and there. */
  readonly wishes: Wishes;
}

/** Changes and kills at the same time, then waits until everything is as wished again, seen from outside. Never throws. */
export async function runTrial(options: TrialOptions): Promise<Trial> {
  const { number, seed, system, user } = options;
  // What is changed does not depend on what is killed, so that either can be looked at alone.
  const changes = planChanges(seed, options.wishes);
  const kills = planKills(createSeededRandom(seed ^ KILLS));
  const wishes = changes.at(-1)?.after ?? options.wishes;
  const title = { changes: changes.map((change) => change.title), kills, wishes };
  try {
    const after = await system.database.newest();
    const changing = (async () => {
      for (const [index, change] of changes.entries())
        await user.apply(`trial-${seed}-${number}-${index}`, change.edits);
    })();
    // It is waited for below; until then it may fail.
    changing.catch(() => {});
    await carryOut(kills, system);
    await changing;
    const { convergedAfterMs, findings, world } = await converge(options, wishes);
    return {
      ...title,
      convergedAfterMs,
      world,
      findings: [...findings, ...(await checkHistory(options, after)), ...system.takeSurprises()],
    };
  } catch (error) {
    return { ...title, world: null, convergedAfterMs: null, findings: [errorText(error), ...system.takeSurprises()] };
  }
}

const KILLS = 0x5eed;

function planChanges(seed: number, wishes: Wishes): readonly Change[] {
  const random = createSeededRandom(seed);
  const changes: Change[] = [];
  const leaving = new Set<string>();
  let now = wishes;
  for (let left = 2 + random.below(3); left > 0; left -= 1) {
    const change = nextChange(random, now, leaving);
    for (const part of leftBehind(now, change.after)) leaving.add(part);
    now = change.after;
    changes.push(change);
  }
  return changes;
}

async function carryOut(kills: readonly Kill[], { parts }: System): Promise<void> {
  for (const { parts: killed, afterMs, deadMs, failpoints } of kills) {
    await delay(afterMs);
    await Promise.all(killed.map((name) => parts[name].kill()));
    await delay(deadMs);
    await Promise.all(killed.map((name) => parts[name].start(failpoints[name])));
  }
}

/** Of what was committed in this trial. */
async function checkHistory({ system, follower, live }: TrialOptions, after: bigint): Promise<readonly string[]> {
  await seesEnd(system, follower);
  const deliveries = follower.take();
  const [first] = deliveries;
  const from = first?.type === 'subscribed' && first.after !== null && first.after < after ? first.after : after;
  const log = await system.database.log(from);
  return [
    ...checkLog(log, { isWhole: false }),
    ...checkChanges(log, deliveries, { isCaughtUp: false }),
    ...(await live.check()),
  ];
}
