import type { JsonObject } from '../../lib/canonical.js';
import type { Health } from '../../lib/health.js';
import type { RevisionOp } from '../contract.js';

/** Which resources. What is left out matches all. */
export interface ResourceFilter {
  readonly ids?: readonly string[];
  readonly kinds?: readonly string[];
  readonly names?: readonly string[];
  readonly nameContains?: string;
  /** Names, resolved in SQL. */
  readonly project?: string;
  readonly environment?: string;
  readonly ownerId?: string;
  readonly health?: readonly Health[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly isDeleting?: boolean;
  /** Top-level fields of the spec that must be equal. */
  readonly spec?: JsonObject;
}

export type ResourceOrder = 'NAME' | 'CREATED_DESC' | 'UPDATED_DESC';

/** One resource by its names. The kind's scope decides which of the others are looked at. */
export interface ResourceAddress {
  readonly kind: string;
  readonly name: string;
  /** `default` when left out. */
  readonly project?: string;
  readonly environment?: string;
  readonly ownerId?: string;
}

/** Which outside objects. What is left out matches all. */
export interface ObjectFilter {
  /** The resource that owns them. */
  readonly resourceId?: string;
  /** Also those of what the resource owns, and of what that owns. */
  readonly withChildren?: boolean;
  /** Names, resolved in SQL. */
  readonly project?: string;
  readonly environment?: string;
  /** Kinds of objects: `Deployment`. */
  readonly kinds?: readonly string[];
  readonly names?: readonly string[];
  readonly health?: readonly Health[];
  /** Whether they differ from what is desired. */
  readonly isDrifted?: boolean;
}

export interface EventFilter {
  readonly resourceId?: string;
  readonly project?: string;
  readonly environment?: string;
  readonly type?: 'Normal' | 'Warning';
  /** Whether a cluster told of it. */
  readonly isOfCluster?: boolean;
  /** Also those of what the resource owns, and of what that owns. */
  readonly withChildren?: boolean;
}

/** Which entries of the log. What is left out matches all; names are those of whatever was called so at any time. */
export interface RevisionFilter {
  readonly resourceId?: string;
  readonly kinds?: readonly string[];
  readonly names?: readonly string[];
  readonly project?: string;
  readonly environment?: string;
  readonly ops?: readonly RevisionOp[];
}
