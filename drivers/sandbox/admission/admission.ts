import type { KubernetesObject } from '../../kubernetes/driver.js';
import type { Target } from '../write-target.js';

/** A write that is about to be stored. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly target: Target;
  readonly object: KubernetesObject;
  /** As it is stored; null when it is new. */
  readonly before: KubernetesObject | null;
}

/** Has the last word on what is written, whoever writes it. */
export interface Admission {
  /** Throws ApiError for what is not admitted. */
  admit(request: AdmissionRequest): void;
}
