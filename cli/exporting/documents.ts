import { isJsonObject } from '../../lib/canonical.js';
import type { KindWithSchema } from '../kinds/kind-view.js';
import type { StatedResource } from './collect.js';
import { inReadingOrder } from './reading-order.js';

/** A resource as a document of a file: what `apply -f` reads. */
export function documentOf(row: StatedResource, kinds: readonly KindWithSchema[]): unknown {
  const schema = kinds.find((kind) => kind.name === row.kind)?.fileSchema ?? {};
  const labels = isJsonObject(row.labels) ? row.labels : {};
  const document = {
    kind: row.kind,
    name: row.name,
    ...(row.project ? { project: row.project.name } : {}),
    ...(row.environment ? { environment: row.environment.name } : {}),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    spec: row.stated,
  };
  return inReadingOrder(document, [schema]);
}

/** Whether it holds a reference to a secret, which only its own plane knows. */
export function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return '$secret' in value || Object.values(value).some(holdsSecret);
}
