import type { Json } from './canonical.js';

/** One field of an outside object that is not as it is desired. */
export interface FieldDifference {
  /** Dotted; an item of a list by its key or index: `spec.template.spec.containers[name=web].image`. */
  readonly path: string;
  /** null: it is not to be there. Secret values are `hiddenValue`. */
  readonly desired: Json;
  /** null: it is not there. Secret values are `hiddenValue`. */
  readonly live: Json;
  /** Who wrote the live value last, as the cluster names it. null: it does not say. */
  readonly manager: string | null;
  /** When, ISO 8601 with milliseconds, as `toISOString` gives it. null: the cluster does not say. */
  readonly at: string | null;
}

/** Stands for a secret value wherever differences are shown. */
export const hiddenValue = '(hidden)';
