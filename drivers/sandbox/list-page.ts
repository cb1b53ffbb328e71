import type { KubernetesObject } from '../kubernetes/driver.js';
import type { ApiRequest } from '../kubernetes/transport.js';
import { ApiError } from './api-error.js';
import type { ClusterStore } from './cluster-store.js';
import { parseFieldSelector } from './field-selector.js';
import { parseLabelSelector } from './label-selector.js';
import { objectView } from './object-view.js';
import type { SandboxType } from './type-table.js';

/** A page begins after the last object of the one before, so that changes in between neither repeat nor hide others. */
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
  if (store.history.since(token.version) === null) throw expired();
  const isSelected = selection(query);
  const rest = store.list(type.id, namespace).filter((object) => keyOf(object) > token.after && isSelected(object));
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
