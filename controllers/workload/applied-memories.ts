import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { type AppliedMemory, createAppliedMemory } from './applied-memory.js';

/** The memories of all workloads, of those that have something to remember. */
export interface AppliedMemories {
  of(workloadId: string): AppliedMemory;
  /** Whether a view tells of what this process wrote itself, and has been answered already: then nobody needs to look. */
  takesEcho(workloadId: string, object: KubernetesObject, isDeleted: boolean): boolean;
  /** A pass ended: what is empty is let go of. */
  tidy(workloadId: string): void;
  forget(workloadId: string): void;
}

export function createAppliedMemories(): AppliedMemories {
  const memories = new Map<string, AppliedMemory>();
  const tidy = (workloadId: string) => {
    if (memories.get(workloadId)?.isEmpty()) memories.delete(workloadId);
  };
  return {
    of(workloadId) {
      const memory = memories.get(workloadId) ?? createAppliedMemory();
      memories.set(workloadId, memory);
      return memory;
    },
    takesEcho(workloadId, object, isDeleted) {
      const isEcho = memories.get(workloadId)?.takesEcho(object, isDeleted) ?? false;
      tidy(workloadId);
      return isEcho;
    },
    tidy,
    forget: (workloadId) => void memories.delete(workloadId),
  };
}
