import { type CloudDelays, defaultCloudDelays, fastCloudDelays } from './cloud/cloud-delays.js';

/** How long things take in the sandbox, in milliseconds. */
export interface Delays {
  /** From a change until the cluster's controllers act on it. */
  readonly controllerMs: number;
  readonly scheduleMs: number;
  /** From placement on a node until a pod is ready. */
  readonly podStartMs: number;
  readonly podStopMs: number;
  /** Until a claim is bound. */
  readonly volumeMs: number;
  readonly loadBalancerMs: number;
  /** Until a CRD is established. */
  readonly definitionMs: number;
  /** Until a deleted namespace is emptied. */
  readonly namespaceMs: number;
  /** How long the pod of a Job runs. */
  readonly jobMs: number;
  /** Until a Job makes a pod in place of the first that failed; doubles with each. */
  readonly jobRetryMs: number;
  /** Between two looks at what a pod waits for. */
  readonly retryMs: number;
  /** Until a container that crashes is started for the first time again; doubles up to five minutes. */
  readonly crashMs: number;
  readonly cloud: CloudDelays;
}

/** Like a small cluster near by. */
export const defaultDelays: Delays = {
  controllerMs: 30,
  scheduleMs: 100,
  podStartMs: 1500,
  podStopMs: 600,
  volumeMs: 800,
  loadBalancerMs: 2000,
  definitionMs: 300,
  namespaceMs: 800,
  jobMs: 1500,
  jobRetryMs: 5000,
  retryMs: 1000,
  crashMs: 2000,
  cloud: defaultCloudDelays,
};

/** The same order of things in a tenth of the time, for tests. */
export const fastDelays: Delays = {
  controllerMs: 2,
  scheduleMs: 5,
  podStartMs: 60,
  podStopMs: 20,
  volumeMs: 30,
  loadBalancerMs: 80,
  definitionMs: 20,
  namespaceMs: 40,
  jobMs: 60,
  jobRetryMs: 100,
  retryMs: 50,
  crashMs: 100,
  cloud: fastCloudDelays,
};

/** The same times, but each takes as long every time, and a cloud shows at once what is: for measuring what others add. */
export function toEven(delays: Delays): Delays {
  return { ...delays, cloud: { ...delays.cloud, spread: 0, consistencyMs: 0 } };
}
