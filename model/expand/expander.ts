import type { JsonObject } from '../../lib/canonical.js';
import type { ResourceReference } from '../../lib/kind.js';

/** What an expander is told: the resource with its layers filled in, and where it is. */
export interface ExpandInput {
  readonly resource: {
    readonly id: string;
    readonly kind: string;
    readonly name: string;
    readonly spec: JsonObject;
    /** Who owns it; null: nobody. */
    readonly owner: { readonly kind: string; readonly name: string } | null;
  };
  readonly project: string;
  /** null: it is in none. */
  readonly environment: { readonly name: string; readonly tier: string | null; readonly spec: JsonObject } | null;
  /** The state of the app that an AppInstance is to be at; null for every other kind. */
  readonly release: { readonly number: number; readonly spec: JsonObject } | null;
  /** That its spec names; null: it names none. */
  readonly definition: { readonly name: string; readonly spec: JsonObject } | null;
}

/** A resource that another one needs. */
export interface ExpandedChild {
  readonly kind: string;
  readonly name: string;
  readonly spec: JsonObject;
  /**
   * The layer that each field of the spec comes from, by the longest path that it is below of; '' for all others:
   * `{ '': 'layer:release/3', storageGb: 'layer:instance' }`.
   */
  readonly layers: Readonly<Record<string, string>>;
}

/** One that is made when it is first needed, is nobody's own, and leaves with the last that refers to it. */
export interface ExpandedShared extends ExpandedChild {
  /** It stays when nobody refers to it any more. */
  readonly keep: boolean;
  /** The name of the project that it is made in. Left out: that of the resource. */
  readonly project?: string;
}

/** An edge that no field of the spec states. */
export interface ImpliedReference {
  /** Unique among the implied ones of the resource: `gateway`. Stored with `~` before it. */
  readonly path: string;
  readonly resource: ResourceReference;
}

export interface Expansion {
  /** Made in its scope, owned by it: they live and die with it. */
  readonly owned: readonly ExpandedChild[];
  /** Made in its project, unless they are there. */
  readonly shared: readonly ExpandedShared[];
  readonly references: readonly ImpliedReference[];
}

/**
 * What a resource needs, in full. Pure: the store runs it in the mutation's transaction until nothing new comes up, and a
 * plan runs the same. Throws BadInputError for what cannot be.
 */
export type Expander = (input: ExpandInput) => Expansion;
