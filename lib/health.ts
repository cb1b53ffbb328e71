/** Whether a resource is what it should be, in one word. Ordered from best to worst by `healthRank`. */
export const healths = ['Healthy', 'Suspended', 'Progressing', 'Unknown', 'Missing', 'Degraded'] as const;
export type Health = (typeof healths)[number];

export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** The two conditions that every controlled resource has. READY: it works. SYNCED: the outside is as desired. */
export type ConditionType = 'Ready' | 'Synced';

/** Why a condition is as it is. A closed list: a client may switch on it. */
export const reasons = [
  // READY
  'Available',
  'Defined',
  'Pending',
  'Progressing',
  'WaitingForDependency',
  'WaitingForChildren',
  'ChildNotHealthy',
  'ImagePullFailed',
  'CrashLoop',
  'Unschedulable',
  'NotBound',
  'KindNotServed',
  'NoEndpoints',
  'ObjectMissing',
  'ObjectFailed',
  'OwnedElsewhere',
  'Suspended',
  'RuntimeUnreachable',
  'CloudUnreachable',
  'Throttled',
  'CredentialRefused',
  'Terminating',
  'Invalid',
  'QuotaExceeded',
  'WebhookFailed',
  'Completed',
  'MissingRights',
  'OutputMissing',
  'OutputVanished',
  // SYNCED
  'InSync',
  'Applying',
  'ApplyFailed',
  'Immutable',
  'Drifted',
  'Deleting',
  'DeleteBlocked',
] as const;
export type Reason = (typeof reasons)[number];

/** A condition as a controller reports it: no clock in it, the store stamps `since` when `status` changes. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  readonly reason: Reason;
  /** A sentence for people. Empty when there is nothing to add. */
  readonly message: string;
}
