import type { WorkloadObservation } from './observation.js';

/** What is seen of a workload whose cluster was never made. */
export function nothingOutside(runtimeId: string): WorkloadObservation {
  return {
    runtimeId,
    rendered: { objects: [], unserved: [] },
    live: new Map(),
    inventory: new Map(),
    strays: [],
    awaited: [],
    accepted: new Map(),
    finished: new Set(),
    unscaled: new Set(),
    users: new Map(),
    refused: new Map(),
    contested: new Set(),
    health: new Map(),
  };
}
