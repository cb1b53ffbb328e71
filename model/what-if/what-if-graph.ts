import type { JsonObject } from '../../lib/canonical.js';

/** What `whatIf` decides from: those that are to go, and all that has to do with them. */
export interface WhatIfGraph {
  readonly removeIds: readonly string[];
  /** Those that are to go, what they own, what is in them, what refers to any of these, and so on; and what may be unneeded then. */
  readonly resources: readonly WhatIfResource[];
  /** All that lead to one of `resources`. */
  readonly references: readonly WhatIfReference[];
  /** Specs of the first of those that take outputs of what goes, by id. */
  readonly specs: Readonly<Record<string, JsonObject>>;
  /** A bound was reached, so there may be more. */
  readonly isCut: boolean;
}

export interface WhatIfResource {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** Names. */
  readonly project: string | null;
  readonly environment: string | null;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly ownerId: string | null;
  readonly isDeleting: boolean;
  /** It was made because others need it, and leaves with the last of them. */
  readonly leavesWithLast: boolean;
}

export interface WhatIfReference {
  readonly fromId: string;
  /** `bindings.0.resource` */
  readonly path: string;
  readonly toId: string;
}
