import type { CloudType } from '../../cloud/driver.js';

/** How long things take in the simulated cloud, in milliseconds. */
export interface CloudDelays {
  /** From the request until it is there. */
  readonly createMs: Readonly<Record<CloudType, number>>;
  readonly updateMs: number;
  /** From the request until it is gone, as a part of what making it takes. */
  readonly deletePart: number;
  /** How much longer or shorter each time may be, as a part of it; how much it is is drawn each time. */
  readonly spread: number;
  /** How long a read may lag behind at most; how long it does is drawn for each change. */
  readonly consistencyMs: number;
}

/** The order of things in a real cloud, where a cluster takes longer than all else, in seconds in the place of minutes. */
export const defaultCloudDelays: CloudDelays = {
  createMs: {
    network: 3000,
    cluster: 12_000,
    nodeGroup: 6000,
    database: 9000,
    snapshot: 2000,
    bucket: 500,
    zone: 1000,
    record: 1000,
    secret: 300,
    service: 3000,
    stack: 4000,
  },
  updateMs: 2000,
  deletePart: 0.5,
  spread: 0.2,
  consistencyMs: 1500,
};

/** The same in milliseconds, for tests. */
export const fastCloudDelays: CloudDelays = {
  createMs: {
    network: 60,
    cluster: 240,
    nodeGroup: 120,
    database: 180,
    snapshot: 50,
    bucket: 20,
    zone: 30,
    record: 30,
    secret: 20,
    service: 60,
    stack: 80,
  },
  updateMs: 50,
  deletePart: 0.5,
  spread: 0.2,
  consistencyMs: 40,
};
