/**
 * Places at which a test lets go wrong what can go wrong at any moment. Each kills its process, or stops it as a machine
 * that is suspended does; those of `withFaults` have a fault of their own too, which is what they do unless told otherwise.
 */
export const failpointNames = [
  // Controllers, in a pass, in this order.
  'beforePrepare',
  'beforeApply',
  /** Between the last check of the lease and each request of a workload. */
  'beforeWrite',
  /** A create was accepted outside. Its fault: the reply is lost. */
  'createReplyLost',
  'afterApply',
  'beforeStatus',
  'afterStatus',
  'beforeFinalize',
  'afterFinalize',
  /** Leases are about to be renewed. Its fault: they are given away, whatever runs under them. */
  'leaseLost',
  // Server.
  /** Committed, and nobody was woken. */
  'afterCommit',
  /** Commits were delivered. Its fault: they are delivered again. */
  'wakeTwice',
  /** An answer is about to be sent. Its fault: the connection is cut after half of it. */
  'replyCut',
] as const;

export type FailpointName = (typeof failpointNames)[number];

export const withFaults: ReadonlySet<FailpointName> = new Set([
  'createReplyLost',
  'leaseLost',
  'wakeTwice',
  'replyCut',
]);

/**
 * Told that the point `name` was reached, for the object of `id` where there is one. Its throw fails what is under way, and
 * its delay delays it, where it is awaited. Answers true, or a promise of it, where the fault of the point is to happen
 * now. Absent in production.
 */
export type Failpoint = (name: FailpointName, id: string) => unknown;
