import type { Fault } from '../../../drivers/sandbox/faults.js';

/** What goes wrong outside and passes: it is set before anything is asked for, and nobody mends it. */
export interface PassingFault {
  /** Follows "why says settled in the end after". */
  readonly title: string;
  readonly where: 'cluster' | 'cloud';
  readonly fault: Fault;
}

export const passingFaults: readonly PassingFault[] = [
  { title: 'replies of a cluster that were lost', where: 'cluster', fault: { kind: 'lostReply', count: 2 } },
  { title: 'writes to a cluster that were in conflict', where: 'cluster', fault: { kind: 'conflict', count: 2 } },
  { title: 'answers of a cluster that were 500', where: 'cluster', fault: { kind: 'serverError', count: 4 } },
  { title: 'a reply of a cloud to a creation that was lost', where: 'cloud', fault: { kind: 'lostReply', count: 1 } },
  {
    title: 'answers of a cloud that were too much',
    where: 'cloud',
    fault: { kind: 'throttle', retryAfterMs: 100, count: 4 },
  },
  { title: 'answers of a cloud that were 500', where: 'cloud', fault: { kind: 'serverError', count: 4 } },
  {
    title: 'creations that a cloud gave up twice',
    where: 'cloud',
    fault: { kind: 'creationFails', match: { kind: 'database' }, count: 2 },
  },
];
