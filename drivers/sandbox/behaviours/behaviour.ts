import type { Random } from '../../../lib/random.js';
import type { KubernetesObject } from '../../kubernetes/driver.js';
import type { ApiError } from '../api-error.js';
import type { ClusterStore } from '../cluster-store.js';
import type { Delays } from '../delays.js';
import type { Told } from '../event-recorder.js';
import type { Faults } from '../faults.js';

/**
 * What a cluster's controllers do with an object. It looks at the object as it is and takes one step or several; it is
 * called again after every change of the object or of what it owns, and when a time it asked for has come. So a restart
 * of the sandbox needs no more than a call for every object.
 */
export type Behaviour = (object: KubernetesObject, cluster: BehaviourCluster) => void;

export interface BehaviourCluster {
  readonly store: ClusterStore;
  readonly delays: Delays;
  readonly faults: Faults;
  readonly random: Random;
  /** RFC 3339. */
  readonly now: string;
  readonly nowMs: number;
  /**
   * Whether `delayMs` have passed since this was first asked for this object and step.
   * If not, the behaviour is called again when they have.
   */
  hasElapsed(object: KubernetesObject, step: string, delayMs: number): boolean;
  /** Calls the behaviour again in `afterMs`. */
  wake(object: KubernetesObject, afterMs: number): void;
  /** Calls the behaviour again, each time of a step in a row after twice the time, and at most after 16 times `delayMs`. */
  retry(object: KubernetesObject, step: string, delayMs: number): void;
  /** Ends such a row. */
  succeed(object: KubernetesObject, step: string): void;
  /** Stores a new object, owned by `owner` if given. An error: what the cluster does not admit, in the words of its API server. */
  create(object: KubernetesObject, owner?: KubernetesObject): KubernetesObject | ApiError;
  /** Writes an Event about `object`. */
  tell(object: KubernetesObject, told: Told): void;
  /** Whether this was asked before of this object and step. */
  isTold(object: KubernetesObject, step: string): boolean;
  /** Stores `object` with another status; does nothing when it is the same. */
  setStatus(object: KubernetesObject, status: Readonly<Record<string, unknown>>): void;
  /** Stores `object` with another spec. */
  setSpec(object: KubernetesObject, spec: Readonly<Record<string, unknown>>): void;
  /** Stores `object` with other fields beside metadata, for kinds that have no spec. */
  setFields(object: KubernetesObject, fields: Readonly<Record<string, unknown>>): void;
  /** Sets replicas through the scale of `object`, in the name of `manager`. */
  scale(object: KubernetesObject, replicas: number, manager: string): void;
  /** Stores `object` with other metadata, such as without one of its finalizers. */
  setMetadata(object: KubernetesObject, metadata: Partial<KubernetesObject['metadata']>): void;
  /** Asks for deletion, as a client would. */
  delete(object: KubernetesObject): void;
  /** The end of a deletion that was asked for. Waits for finalizers that are left. */
  finishDeletion(object: KubernetesObject): void;
}
