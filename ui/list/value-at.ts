import { isJsonObject } from '../../lib/canonical.js';
import type { UiRowFragment } from '../../sdk/generated/operations.js';

/** The text at a column's path: `spec.runtime`, `observed.nodes`, `outputs.url`. Empty when there is none. */
export function valueAt({ document, status }: Pick<UiRowFragment, 'document' | 'status'>, path: string): string {
  const root: unknown = {
    spec: document,
    observed: status.observed,
    outputs: Object.fromEntries(status.outputs.map(({ name, value }) => [name, value])),
  };
  const value = path.split('.').reduce((at, key) => (isJsonObject(at) ? at[key] : undefined), root);
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
