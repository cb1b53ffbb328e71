import type { KubernetesObject } from '../kubernetes/driver.js';
import type { ApiRequest } from '../kubernetes/transport.js';
import { ApiError } from './api-error.js';
import type { ClusterStore, StoreChange } from './cluster-store.js';
import { parseFieldSelector } from './field-selector.js';
import { parseLabelSelector } from './label-selector.js';
import { objectView } from './object-view.js';
import type { SandboxType } from './type-table.js';

/** All pages of a list show what was there when the first one was made, whatever changed since (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks). */
export function listPage(
  store: ClusterStore,
  type: SandboxType,
  namespace: string | null,
  request: Pick<ApiRequest, 'query' | 'accept'>,
): object {
  const query = request.query ?? {};
  const view = objectView(type, request.accept, true);
  const limit = Number(query.limit ?? 0) || Number.POSITIVE_INFINITY;
  const token = query.continue ? parseToken(query.continue) : { version: store.version, after: '' };
  const changes = store.history.since(token.version);
  if (changes === null) throw expired();
  const isSelected = selection(query);
  const objects = withoutChanges(store.list(type.id, namespace), changes.filter(isWithin(type, namespace)));
  const rest = objects.filter((object) => keyOf(object) > token.after && isSelected(object));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const next =
    last && rest.length > items.length
      ? {
          continue: writeToken({ version: token.version, after: keyOf(last) }),
          remainingItemCount: rest.length - items.length,
        }
      : {};
  return {
    kind: view.listKind,
    apiVersion: view.apiVersion,
    metadata: { resourceVersion: String(token.version), ...next },
    items: items.map(view.show),
  };
}

const isWithin =
  (type: SandboxType, namespace: string | null) =>
  ({ typeId, object }: StoreChange): boolean =>
    typeId === type.id && (namespace === null || object.metadata.namespace === namespace);

/** What was there before these changes, oldest first, that led to `objects`. In their order. */
function withoutChanges(
  objects: readonly KubernetesObject[],
  changes: readonly StoreChange[],
): readonly KubernetesObject[] {
  if (changes.length === 0) return objects;
  const found = new Map(objects.map((object) => [keyOf(object), object]));
  for (const { before, object } of changes.toReversed()) {
    if (before) found.set(keyOf(object), before);
    else found.delete(keyOf(object));
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

/** Whether an object is what the query selects, by labels and fields. Throws 400 for selectors that cannot be read. */
export function selection(query: Readonly<Record<string, string>>): (object: KubernetesObject) => boolean {
  const hasLabels = parseLabelSelector(query.labelSelector);
  const hasFields = parseFieldSelector(query.fieldSelector);
  return (object) => hasLabels(object) && hasFields(object);
}

/** What a list says whose token belongs to a past that is no longer kept. */
export function expired(): ApiError {
  return new ApiError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
}

interface PageToken {
  readonly version: number;
  readonly after: string;
}

function writeToken(token: PageToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function parseToken(token: string): PageToken {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as PageToken;
  } catch {
    throw new ApiError(400, 'BadRequest', 'continue key is not valid');
  }
}

function keyOf(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
