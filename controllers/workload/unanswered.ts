import { UnreachableError } from '../../drivers/kubernetes/errors.js';
import type { RenderedObject } from './render.js';

/**
 * Creations of this process that the API server did not answer. One may come to be long after, when nobody wants it any
 * more; a workload that leaves waits that long, so that what comes finds somebody who removes it.
 */
export interface Unanswered {
  /** Runs the creation of one object. What it throws may mean that nobody knows whether the object will be there. */
  during(workloadId: string, desired: RenderedObject, nowMs: number, create: () => Promise<void>): Promise<void>;
  /** Those that may still come to be. `isThere`: by key, whether the object is there now. */
  of(workloadId: string, nowMs: number, isThere: (key: string) => boolean): readonly RenderedObject[];
}

interface Entry {
  readonly workloadId: string;
  readonly desired: RenderedObject;
  readonly untilMs: number;
  /** It was asked for again since, so one that is there may be of the later try. */
  isTriedAgain: boolean;
}

export function createUnanswered(): Unanswered {
  const entries = new Set<Entry>();
  return {
    async during(workloadId, desired, nowMs, create) {
      for (const entry of entries) {
        if (entry.untilMs <= nowMs) entries.delete(entry);
        else if (entry.workloadId === workloadId && entry.desired.key === desired.key) entry.isTriedAgain = true;
      }
      try {
        await create();
      } catch (error) {
        const isUnknown = error instanceof UnreachableError && !error.isUnsent;
        if (isUnknown) entries.add({ workloadId, desired, untilMs: nowMs + ARRIVAL_MS, isTriedAgain: false });
        throw error;
      }
    },
    of(workloadId, nowMs, isThere) {
      const open = [...entries].filter((entry) => entry.workloadId === workloadId);
      for (const entry of open) {
        const hasCome = !entry.isTriedAgain && isThere(entry.desired.key);
        if (hasCome || entry.untilMs <= nowMs) entries.delete(entry);
      }
      return open.filter((entry) => entries.has(entry) && !isThere(entry.desired.key)).map(({ desired }) => desired);
    },
  };
}

/** An API server gives up on a request after this long (`--request-timeout`, https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/). */
const ARRIVAL_MS = 60_000;
