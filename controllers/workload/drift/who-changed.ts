import type { FieldPath } from './field-path.js';
import { isOurEntry, type ManagedEntry, owns } from './managed-fields.js';

/** A manager as the cluster names it, such as `kubectl-edit`, and when it last wrote, ISO 8601. */
export interface Writer {
  readonly manager: string | null;
  readonly at: string | null;
}

/**
 * Who of the others last wrote what stands at `path`. Nobody is known where the field was only taken away: the API
 * server keeps who set a field, not who removed it.
 */
export function whoChanged(entries: readonly ManagedEntry[], path: FieldPath): Writer {
  const others = entries.filter((entry) => !isOurEntry(entry) && owns(entry, path));
  const [last] = others.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
  return { manager: last?.manager ?? null, at: last?.at ?? null };
}
