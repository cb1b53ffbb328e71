import type { Random } from '../lib/random.js';

export const partNames = ['postgres', 'server', 'controllers'] as const;
export type PartName = (typeof partNames)[number];

/** One kill -9. Times in milliseconds. */
export interface Kill {
  readonly parts: readonly PartName[];
  /** After the first change was sent, or after the start that follows the kill before. */
  readonly afterMs: number;
  /** How long they stay dead. */
  readonly deadMs: number;
  /** Of those that are started again: what goes wrong next, as PORTOLAN_FAILPOINT has it. */
  readonly failpoints: Readonly<Partial<Record<PartName, string>>>;
}

/**
 * What is killed in one trial, and when: once, or a second time while what was killed starts up. Now and then what is
 * started again dies or errs once more, at one of the places where that hurts most.
 */
export function planKills(random: Random): readonly Kill[] {
  const first = planKill(random, LATEST_MS);
  return random.next() < SECOND_KILLS ? [first, planKill(random, START_UP_MS)] : [first];
}

function planKill(random: Random, latestMs: number): Kill {
  const parts = choices[random.below(choices.length)] ?? partNames;
  const [afterMs, deadMs] = [random.below(latestMs), random.below(LONGEST_DEAD_MS)];
  const failpoints: Partial<Record<PartName, string>> = {};
  for (const part of ['server', 'controllers'] as const) {
    if (!parts.includes(part) || random.next() >= FAILPOINTS) continue;
    const points = pointsOf[part];
    failpoints[part] = points[random.below(points.length)]?.replace('N', String(1 + random.below(MOST_TIMES))) ?? '';
  }
  return { parts, afterMs, deadMs, failpoints };
}

const FAILPOINTS = 0.4;
const MOST_TIMES = 4;

const pointsOf = {
  server: ['afterCommit:N', 'afterCommit:N', 'replyCut:N', 'replyCut:N:kill', 'wakeTwice:N'],
  controllers: [
    'beforePrepare:N',
    'beforeApply:N',
    'beforeWrite:N',
    'createReplyLost:N',
    'createReplyLost:N:kill',
    'afterApply:N',
    'afterApply:N',
    'beforeStatus:N',
    'afterStatus:N',
    'beforeFinalize:1',
    'afterFinalize:1',
    'leaseLost:1',
  ],
} as const;

/** The changes and the first passes after them are over by then. */
const LATEST_MS = 1_200;
const LONGEST_DEAD_MS = 300;
/** A server or controllers take about this long until they work. */
const START_UP_MS = 900;
const SECOND_KILLS = 0.3;

const choices: readonly (readonly PartName[])[] = [
  ['server'],
  ['server'],
  ['controllers'],
  ['controllers'],
  ['controllers'],
  ['postgres'],
  ['postgres'],
  ['server', 'controllers'],
  ['postgres', 'server'],
  ['postgres', 'server', 'controllers'],
];
