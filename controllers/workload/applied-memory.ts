import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { fingerprint } from './drift/compare.js';
import { type Corrections, createCorrections } from './drift/corrections.js';
import type { Refusal } from './refusal.js';

/**
 * What the API server answered to this process's applies of one workload. It may be lost at any time: without it, an
 * object whose writing the server changed is applied once more, which changes nothing.
 */
export interface AppliedMemory {
  remember(key: string, desired: KubernetesObject, answer: KubernetesObject): void;
  refuse(key: string, refusal: Refusal): void;
  /** What was answered to our apply, while what was seen is older; else what was seen. Views are a moment behind. */
  newest(key: string, seen: KubernetesObject): KubernetesObject;
  forget(key: string): void;
  /** By key. */
  fingerprints(): ReadonlyMap<string, string>;
  /** By key: what was refused and not taken since. */
  refusals(): ReadonlyMap<string, Refusal>;
  /** How often objects were put back. */
  readonly corrections: Corrections;
}

export function createAppliedMemory(): AppliedMemory {
  const fingerprints = new Map<string, string>();
  const answers = new Map<string, KubernetesObject>();
  const refusals = new Map<string, Refusal>();
  return {
    remember(key, desired, answer) {
      fingerprints.set(key, fingerprint(desired, answer));
      answers.set(key, answer);
      refusals.delete(key);
    },
    refuse: (key, refusal) => void refusals.set(key, refusal),
    newest(key, seen) {
      const answer = answers.get(key);
      if (!answer) return seen;
      if (isOlder(seen, answer)) return answer;
      answers.delete(key);
      return seen;
    },
    forget(key) {
      fingerprints.delete(key);
      answers.delete(key);
    },
    fingerprints: () => new Map(fingerprints),
    refusals: () => new Map(refusals),
    corrections: createCorrections(),
  };
}

/** Resource versions of one type grow (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions). */
function isOlder(a: KubernetesObject, b: KubernetesObject): boolean {
  if (a.metadata.uid !== b.metadata.uid) return false;
  const [left, right] = [Number(a.metadata.resourceVersion), Number(b.metadata.resourceVersion)];
  return Number.isSafeInteger(left) && Number.isSafeInteger(right) && left < right;
}
