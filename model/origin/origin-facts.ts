import type { JsonObject } from '../../lib/canonical.js';
import type { Managers, Yielded } from '../resource.js';
import type { SetIn } from '../set-in.js';

/** A resource with who set which of its fields, and in which changeset. */
export interface OriginResource {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly spec: JsonObject;
  readonly managers: Managers;
  readonly yielded: Yielded;
  readonly setIn: SetIn;
}

/** What a layer says of a resource. */
export interface OriginLayer {
  /** `layer:tier/dev`: the manager of what it fills. */
  readonly name: string;
  readonly spec: JsonObject;
  /** Where it is stated; null: nowhere that can be looked at. */
  readonly from: OriginResource | null;
  /** Where in that a field of the resource may be stated, the likeliest first. */
  readonly placesOf: (path: string) => readonly string[];
}

/** The app instance that a resource is expanded from, with what it is expanded by. */
export interface OriginInstance {
  readonly instance: OriginResource;
  readonly environment: OriginResource | null;
  readonly release: { readonly number: number; readonly spec: JsonObject };
  /** The app, where the release is its newest: then its managers are those of the release. */
  readonly app: OriginResource | null;
}

export interface OriginFacts {
  readonly resource: OriginResource;
  /** All that say something of it, the strongest first. */
  readonly layers: readonly OriginLayer[];
  /** null: no app instance owns it. */
  readonly expandedFrom: OriginInstance | null;
  /** What it owns. */
  readonly children: readonly { readonly id: string; readonly kind: string; readonly name: string }[];
}
