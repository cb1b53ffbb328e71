import type { Random } from '../lib/random.js';

/** Between whom messages go. */
export type Place = string;

/** How messages fare on their way. It is rough while faults are on, and fine afterwards. */
export interface Network {
  isRough: boolean;
  /** How long a message takes when nothing is wrong, at most. */
  usualMs: number;
  /** How long a message takes, in milliseconds. */
  delayMs(): number;
  /** Whether one that is sent now between these is lost. */
  isLost(from: Place, to: Place): boolean;
  /** Whether nothing gets through between these now. */
  isCut(one: Place, other: Place): boolean;
  /** Whether a message that may come twice does. */
  isDoubled(): boolean;
  /** Lets nothing through between these until the returned function is called. Prefixes of names; '' is everybody. */
  cut(one: Place, other: Place): () => void;
}

export function createNetwork(random: Random): Network {
  const cuts = new Set<readonly [Place, Place]>();
  const network: Network = {
    isRough: false,
    usualMs: USUAL_MS,
    delayMs() {
      if (!network.isRough || random.next() >= SLOW) return LEAST_MS + random.next() * network.usualMs;
      return random.next() < VERY_SLOW ? random.next() * 45_000 : random.next() * 1_500;
    },
    isLost: (from, to) => network.isCut(from, to) || (network.isRough && random.next() < LOST),
    isCut: (one, other) =>
      [...cuts].some(
        ([a, b]) => (one.startsWith(a) && other.startsWith(b)) || (other.startsWith(a) && one.startsWith(b)),
      ),
    isDoubled: () => network.isRough && random.next() < DOUBLED,
    cut(one, other) {
      const cut = [one, other] as const;
      cuts.add(cut);
      return () => void cuts.delete(cut);
    },
  };
  return network;
}

/** Within a data centre. */
const LEAST_MS = 0.2;
const USUAL_MS = 2;
/** Parts of all messages, while it is rough. */
const SLOW = 0.05;
/** Of the slow ones: longer than who asked waits. */
const VERY_SLOW = 0.05;
const LOST = 0.01;
const DOUBLED = 0.05;
