import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { fingerprint } from './drift/compare.js';
import { type Corrections, createCorrections } from './drift/corrections.js';
import { findDifferences } from './drift/differences.js';
import { keyOfObject } from './object-name.js';
import type { Refusal } from './refusal.js';

/**
 * What the API server answered to this process's applies of one workload, as far as nothing else says it. It may be lost
 * at any time: without it, an object whose writing the server changed is applied once more, which changes nothing.
 *
 * An answer is how the object was right after we wrote it. It counts as seen until the view has come that far: then it is
 * let go of, and being told of it by the view is no news. So a workload that is settled keeps nothing here.
 */
export interface AppliedMemory {
  remember(key: string, desired: KubernetesObject, answer: KubernetesObject): void;
  refuse(key: string, refusal: Refusal): void;
  /** There is an object of that name which no view shows, so a view that lacks it says nothing. */
  hide(key: string): void;
  isHidden(key: string): boolean;
  /** What was answered to our apply, while what was seen is older; else what was seen. Views are a moment behind. */
  newest(key: string, seen: KubernetesObject): KubernetesObject;
  /** What was answered to our apply, for an object that a view at `version` does not have; null: it does not have it any more. */
  unseen(key: string, version: string): KubernetesObject | null;
  /** Takes note of what a view tells. Whether that is what was answered to our apply, or older. */
  takesEcho(object: KubernetesObject, isDeleted: boolean): boolean;
  forget(key: string): void;
  /** By key: of the objects that the API server stores in another way than they were stated. */
  fingerprints(): ReadonlyMap<string, string>;
  /** By key: what was refused and not taken since. */
  refusals(): ReadonlyMap<string, Refusal>;
  /** A pass wrote something; and one found nothing to write. */
  acted(): void;
  rested(): void;
  /** Whether it wrote in the last pass, and not in the one before: who writes pass after pass is in no hurry to look. */
  hasJustActed(): boolean;
  /** Nothing is kept. */
  isEmpty(): boolean;
  /** How often objects were put back. */
  readonly corrections: Corrections;
}

export function createAppliedMemory(): AppliedMemory {
  const fingerprints = new Map<string, string>();
  const answers = new Map<string, KubernetesObject>();
  const refusals = new Map<string, Refusal>();
  const hidden = new Set<string>();
  const corrections = createCorrections();
  let actedInARow = 0;
  return {
    remember(key, desired, answer) {
      const isStoredAsStated = findDifferences(desired, answer, { isApplied: true }).length === 0;
      if (isStoredAsStated) fingerprints.delete(key);
      else fingerprints.set(key, fingerprint(desired, answer));
      answers.set(key, answer);
      refusals.delete(key);
      hidden.delete(key);
    },
    refuse: (key, refusal) => void refusals.set(key, refusal),
    hide: (key) => void hidden.add(key),
    isHidden: (key) => hidden.has(key),
    newest(key, seen) {
      hidden.delete(key);
      const answer = answers.get(key);
      if (!answer) return seen;
      if (isOlder(seen, answer)) return answer;
      answers.delete(key);
      return seen;
    },
    unseen(key, version) {
      const answer = answers.get(key);
      if (!answer) return null;
      if (isBefore(version, answer.metadata.resourceVersion ?? '')) return answer;
      answers.delete(key);
      return null;
    },
    takesEcho(object, isDeleted) {
      const key = keyOfObject(object);
      const answer = answers.get(key);
      if (!answer || isDeleted) {
        answers.delete(key);
        return false;
      }
      if (isOlder(object, answer)) return true;
      answers.delete(key);
      const { uid, resourceVersion } = answer.metadata;
      return object.metadata.uid === uid && object.metadata.resourceVersion === resourceVersion;
    },
    forget(key) {
      fingerprints.delete(key);
      answers.delete(key);
    },
    fingerprints: () => new Map(fingerprints),
    refusals: () => new Map(refusals),
    acted() {
      actedInARow += 1;
    },
    rested() {
      actedInARow = 0;
    },
    hasJustActed: () => actedInARow === 1,
    isEmpty: () =>
      fingerprints.size + answers.size + refusals.size + hidden.size === 0 &&
      actedInARow === 0 &&
      corrections.isEmpty(),
    corrections,
  };
}

function isOlder(a: KubernetesObject, b: KubernetesObject): boolean {
  if (a.metadata.uid !== b.metadata.uid) return false;
  return isBefore(a.metadata.resourceVersion ?? '', b.metadata.resourceVersion ?? '');
}

/** Resource versions of one type grow (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions). */
function isBefore(a: string, b: string): boolean {
  const [left, right] = [Number(a), Number(b)];
  return a !== '' && b !== '' && Number.isSafeInteger(left) && Number.isSafeInteger(right) && left < right;
}
