import { setTimeout as delay } from 'node:timers/promises';
import { residentBytes } from './resident.js';

const COLLECT = "globalThis.gc({type:'major',execution:'sync',flavor:'last-resort'})";

/** For Node: gives back what is free when it is told to, because what a heap keeps for later hides what is held. */
export const collectingArgs: readonly string[] = [
  '--expose-gc',
  `--import=data:text/javascript,process.on("SIGUSR2",()=>{${COLLECT};${COLLECT}})`,
];

/** Of a process that was started with {@link collectingArgs}: the least of several looks, for now and then something is under way. */
export async function weigh(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS; look += 1) {
    process.kill(pid, 'SIGUSR2');
    await delay(COLLECTED_MS);
    least = Math.min(least, residentBytes(pid));
  }
  return least;
}

const LOOKS = 3;
const COLLECTED_MS = 1_000;
