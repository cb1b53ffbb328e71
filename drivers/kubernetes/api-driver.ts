import { createDiscovery, rootOf } from './discovery.js';
import type {
  KubernetesDriver,
  KubernetesObject,
  ObjectKey,
  ObjectList,
  ObjectPage,
  PagesOptions,
  ResourceType,
} from './driver.js';
import { GoneError, InvalidObjectError, NotFoundError, ServerError } from './errors.js';
import { openLog } from './log-stream.js';
import { record } from './object-fields.js';
import { responseError } from './response-error.js';
import { reviewRights } from './review-rights.js';
import { readServedTypes } from './served-types.js';
import { requestToken } from './token-request.js';
import type { ApiResponse, Transport } from './transport.js';
import { openWatch } from './watch-stream.js';

/** The name under which Portolan owns fields, in every cluster. */
export const fieldManager = 'portolan';

export interface ApiDriverOptions {
  /** How many objects one page of a list holds; `PAGE_SIZE` when left out. */
  readonly pageSize?: number;
}

/** The driver over any transport. It keeps no state but what discovery found. */
export function createApiDriver(transport: Transport, options: ApiDriverOptions = {}): KubernetesDriver {
  const limit = String(options.pageSize ?? PAGE_SIZE);
  const discovery = createDiscovery(transport);
  const refuse = (doing: string, response: ApiResponse) => responseError(`${doing} at ${transport.host}`, response);

  const pathFor = async (key: ObjectKey, signal: AbortSignal): Promise<string | null> => {
    const type = await discovery.resolve(key.apiVersion, key.kind, signal);
    // Without this, the answer would be that it is not there.
    if (type?.isNamespaced && key.namespace === null) {
      throw new InvalidObjectError(`${describe(key)} of ${key.apiVersion} needs a namespace, and none was given.`, 0);
    }
    return type && `${collectionPath(type, key.namespace)}/${encodeURIComponent(key.name)}`;
  };

  const readPage = async (type: ResourceType, options: PagesOptions, query: PageQuery): Promise<Page> => {
    const response = await transport.request({
      method: 'GET',
      path: collectionPath(type, options.namespace ?? null),
      query: { ...query, ...selected(options.selector) },
      ...(options.metadataOnly ? { accept: metadataListType } : {}),
      signal: options.signal,
    });
    if (response.status === 404) discovery.forget(type.apiVersion);
    if (response.status !== 200) throw refuse(`Listing ${type.plural}`, response);
    return toPage(response.body, `Listing ${type.plural} at ${transport.host}`);
  };

  // No version is asked for, so that the list is the newest there is: one of version 0 may be of any past, and has no pages.
  const pages = async function* (type: ResourceType, options: PagesOptions): AsyncGenerator<ObjectPage> {
    const toItemOf = (item: KubernetesObject) => toItem(type, item, options.metadataOnly ? 'metadata' : 'all');
    let query: PageQuery | null = { limit };
    let resourceVersion = '';
    while (query) {
      const asked: PageQuery = query;
      const page: Page | null = await readPage(type, options, asked).catch((error: unknown) => {
        // The token of the next page is only good for minutes. Pages that were too slow once may be so again; one answer is not.
        if (error instanceof GoneError && asked.limit !== WHOLE) return null;
        throw error;
      });
      query = page ? nextQuery(page, asked.limit) : { limit: WHOLE };
      if (!page) continue;
      const isFirst = asked.continue === undefined;
      if (isFirst) resourceVersion = page.metadata.resourceVersion;
      yield { objects: page.items.map(toItemOf), resourceVersion, isFirst };
    }
  };

  const list = async (type: ResourceType, options: PagesOptions): Promise<ObjectList> => {
    let objects: KubernetesObject[] = [];
    let resourceVersion = '';
    for await (const page of pages(type, options)) {
      if (page.isFirst) objects = [];
      for (const object of page.objects) objects.push(object);
      resourceVersion = page.resourceVersion;
    }
    return { objects, resourceVersion };
  };

  return {
    async version(signal) {
      const response = await transport.request({ method: 'GET', path: '/version', signal });
      if (response.status !== 200) throw refuse('Asking for the version', response);
      const { gitVersion } = response.body as { gitVersion?: unknown };
      if (typeof gitVersion === 'string') return gitVersion;
      throw new ServerError(`${transport.host} answers, but not like a Kubernetes API server.`, response.status);
    },

    resolve: (apiVersion, kind, signal) => discovery.resolve(apiVersion, kind, signal),

    served: (signal) => readServedTypes(transport, signal),

    forgetTypes: (group) => discovery.forgetGroup(group),

    async apply(object, options) {
      const key = keyOf(object);
      const doing = `${options.dryRun ? 'Checking' : 'Applying'} ${describe(key)}`;
      const path = await pathFor(key, options.signal);
      if (path === null) {
        throw new NotFoundError(
          `${doing} at ${transport.host}: the cluster does not serve ${key.kind} of ${key.apiVersion}.`,
          404,
        );
      }
      const response = await transport.request({
        method: 'PATCH',
        path,
        query: { fieldManager, force: String(options.force), ...(options.dryRun ? { dryRun: 'All' } : {}) },
        body: object,
        contentType: 'application/apply-patch+yaml',
        signal: options.signal,
      });
      if (response.status === 404 && !isAboutAnObject(response)) discovery.forget(key.apiVersion);
      if (response.status !== 200 && response.status !== 201) throw refuse(doing, response);
      return response.body as KubernetesObject;
    },

    async merge(key, patch, signal) {
      const doing = `Changing ${describe(key)}`;
      const path = await pathFor(key, signal);
      if (path === null) {
        throw new NotFoundError(
          `${doing} at ${transport.host}: the cluster does not serve ${key.kind} of ${key.apiVersion}.`,
          404,
        );
      }
      const response = await transport.request({
        method: 'PATCH',
        path,
        query: { fieldManager },
        body: patch,
        contentType: 'application/merge-patch+json',
        signal,
      });
      if (response.status !== 200) throw refuse(doing, response);
      return response.body as KubernetesObject;
    },

    async get(key, signal) {
      const path = await pathFor(key, signal);
      if (path === null) return null;
      const response = await transport.request({ method: 'GET', path, signal });
      if (response.status === 404) {
        if (!isAboutAnObject(response)) discovery.forget(key.apiVersion);
        return null;
      }
      if (response.status !== 200) throw refuse(`Reading ${describe(key)}`, response);
      return response.body as KubernetesObject;
    },

    pages,

    list: (type, options) => list(type, options),

    listMetadata: (type, options) => list(type, { ...options, metadataOnly: true }),

    async delete(key, options) {
      const path = await pathFor(key, options.signal);
      if (path === null) return 'absent';
      const response = await transport.request({
        method: 'DELETE',
        path,
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: options.isLast ? 'Foreground' : 'Background',
          preconditions: {
            uid: options.uid,
            ...(options.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion }),
          },
        },
        signal: options.signal,
      });
      if (response.status === 404) return 'absent';
      if (response.status !== 200 && response.status !== 202) throw refuse(`Deleting ${describe(key)}`, response);
      return 'accepted';
    },

    watch: (type, options) =>
      openWatch({
        transport,
        doing: `Watching ${type.plural} at ${transport.host}`,
        path: collectionPath(type, null),
        query: { ...selected(options.selector), resourceVersion: options.resourceVersion },
        ...(options.metadataOnly
          ? { accept: metadataType, toObject: (object: KubernetesObject) => toItem(type, object, 'metadata') }
          : {}),
        signal: options.signal,
      }),

    logs: (options) => openLog(transport, options),

    missingRights: (rights, signal) => reviewRights(transport, rights, signal),

    requestToken: (options) => requestToken(transport, options),

    close: () => transport.close(),
  };
}

/** What client-go asks for too (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks). */
const PAGE_SIZE = 500;

/** The `limit` that is none. It is sent, so that the request is known for one of a list. */
const WHOLE = '0';

/** What one page is asked for with. */
interface PageQuery extends Readonly<Record<string, string>> {
  readonly limit: string;
}

function nextQuery({ metadata }: Page, limit: string): PageQuery | null {
  return metadata.continue ? { limit, continue: metadata.continue } : null;
}

function collectionPath(type: ResourceType, namespace: string | null): string {
  const within = type.isNamespaced && namespace !== null ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${rootOf(type.apiVersion)}${within}/${type.plural}`;
}

function selected(labelSelector: string): { readonly labelSelector?: string } {
  return labelSelector === '' ? {} : { labelSelector };
}

/**
 * Whether an answer of 404 names the object that is not there, or the namespace. A path that is not served any more, as
 * that of a kind whose CRD went, is answered without a name.
 */
function isAboutAnObject({ body }: ApiResponse): boolean {
  return typeof record(record(body).details).name === 'string';
}

type Only = 'all' | 'metadata';

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const metadataType = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const metadataListType = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** Items of a list carry neither kind nor apiVersion, and metadata alone carry those of their own. */
function toItem({ apiVersion, kind }: ResourceType, item: KubernetesObject, only: Only): KubernetesObject {
  return only === 'metadata' ? { apiVersion, kind, metadata: item.metadata } : { ...item, apiVersion, kind };
}

function keyOf(object: KubernetesObject): ObjectKey {
  const { name, namespace = null } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, namespace, name };
}

function describe(key: ObjectKey): string {
  return `${key.kind} ${key.namespace === null ? '' : `${key.namespace}/`}${key.name}`;
}

interface Page {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly KubernetesObject[];
}

/** An answer without items would read as an empty cluster, so it is an error; but a list of no metadata has null for its items. */
function toPage(body: unknown, doing: string): Page {
  const page = record(body);
  const items = page.kind === 'PartialObjectMetadataList' && page.items === null ? [] : page.items;
  if (!Array.isArray(items) || typeof record(page.metadata).resourceVersion !== 'string') {
    throw new ServerError(`${doing}: the answer is not a list.`, 200);
  }
  return { ...page, items } as unknown as Page;
}
