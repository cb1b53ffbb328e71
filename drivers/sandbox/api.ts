import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { record, text } from '../kubernetes/object-fields.js';
import type { ApiRequest, ApiResponse } from '../kubernetes/transport.js';
import { ApiError } from './api-error.js';
import { parseApiPath } from './api-path.js';
import type { ClusterStore } from './cluster-store.js';
import type { Verb } from './faults.js';
import { parseLabelSelector } from './label-selector.js';
import type { SandboxType } from './type-table.js';
import { notFound, type Target, type Writes } from './writes.js';

/** What the sandbox answers to the version question. */
const version = { major: '1', minor: '36', gitVersion: 'v1.36.2+sandbox', platform: 'sandbox' };

/** Answers one request, but for watches. Throws ApiError for what is refused. */
export function answer(store: ClusterStore, writes: Writes, request: Omit<ApiRequest, 'signal'>): ApiResponse {
  const path = parseApiPath(request.path, store.types());
  if (path.at === 'version') return ok(version);
  if (path.at === 'discovery') return ok(discover(store, path.apiVersion));
  if (path.at === 'collection') {
    if (request.method === 'GET') return ok(listPage(store, path.type, path.namespace, request.query ?? {}));
    if (request.method !== 'POST') throw notAllowed();
    const body = bodyOf(request, path.type);
    const target: Target = { type: path.type, namespace: path.namespace, name: text(record(body.metadata).name) };
    return ok(writes.create(target, body, writeOptions(request)), 201);
  }
  const target: Target = { type: path.type, namespace: path.namespace, name: path.name };
  switch (request.method) {
    case 'GET': {
      const found = store.get(target.type.id, target.namespace, target.name);
      if (!found) throw notFound(target);
      return ok(served(found, target.type));
    }
    case 'PATCH':
      return patch(writes, target, request);
    case 'PUT':
      return ok(writes.replace(target, bodyOf(request, target.type), writeOptions(request)));
    case 'DELETE': {
      const { uid, resourceVersion } = record(record(request.body).preconditions);
      const seen = {
        ...(uid ? { uid: String(uid) } : {}),
        ...(resourceVersion ? { resourceVersion: String(resourceVersion) } : {}),
      };
      return ok(writes.delete(target, seen, writeOptions(request).dryRun));
    }
    default:
      throw notAllowed();
  }
}

/** What a request is about, for faults. */
export function subjectOf(
  store: ClusterStore,
  request: Pick<ApiRequest, 'method' | 'path' | 'query' | 'contentType'>,
): {
  readonly verb: Verb;
  readonly kind: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
} {
  const none = { verb: 'discover' as const, kind: null, namespace: null, name: null };
  try {
    const path = parseApiPath(request.path, store.types());
    if (path.at === 'version' || path.at === 'discovery') return none;
    const name = path.at === 'object' ? path.name : null;
    return { verb: verbOf(request, name !== null), kind: path.type.kind, namespace: path.namespace, name };
  } catch {
    return none;
  }
}

function verbOf(request: Pick<ApiRequest, 'method' | 'query' | 'contentType'>, hasName: boolean): Verb {
  if (request.method === 'GET') return hasName ? 'get' : request.query?.watch === 'true' ? 'watch' : 'list';
  if (request.method === 'DELETE') return 'delete';
  if (request.method === 'POST') return 'create';
  return request.contentType === applyType ? 'apply' : 'update';
}

const applyType = 'application/apply-patch+yaml';

function patch(writes: Writes, target: Target, request: Omit<ApiRequest, 'signal'>): ApiResponse {
  const options = writeOptions(request);
  if (request.contentType === applyType) {
    const { object, isNew } = writes.apply(target, bodyOf(request, target.type), {
      ...options,
      force: request.query?.force === 'true',
    });
    return ok(served(object, target.type), isNew ? 201 : 200);
  }
  if (!isJsonObject(request.body)) throw new ApiError(400, 'BadRequest', 'the body of a merge patch must be an object');
  return ok(served(writes.patch(target, request.body, options), target.type));
}

function writeOptions(request: Omit<ApiRequest, 'signal'>): { readonly manager: string; readonly dryRun: boolean } {
  return { manager: request.query?.fieldManager ?? 'unknown', dryRun: request.query?.dryRun === 'All' };
}

function bodyOf(request: Omit<ApiRequest, 'signal'>, type: SandboxType): JsonObject {
  const { body } = request;
  if (!isJsonObject(body)) throw new ApiError(400, 'BadRequest', 'the body must be an object');
  if (body.kind === type.kind && body.apiVersion === type.apiVersion) return body;
  const said = `${text(body.apiVersion)}, Kind=${text(body.kind)}`;
  throw new ApiError(
    400,
    'BadRequest',
    `the object provided is of ${said}, which is not ${type.apiVersion}, Kind=${type.kind}`,
  );
}

function discover(store: ClusterStore, apiVersion: string): object {
  const types = store.types().filter((type) => type.apiVersion === apiVersion);
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
  const resources = types.map(({ plural, kind, isNamespaced }) => ({
    name: plural,
    singularName: '',
    namespaced: isNamespaced,
    kind,
    verbs,
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersion, resources };
}

/** A page begins after the last object of the one before, so that changes in between neither repeat nor hide others. */
function listPage(
  store: ClusterStore,
  type: SandboxType,
  namespace: string | null,
  query: Readonly<Record<string, string>>,
): object {
  const limit = Number(query.limit ?? 0) || Number.POSITIVE_INFINITY;
  const token = query.continue ? parseToken(query.continue) : { version: store.version, after: '' };
  if (store.history.since(token.version) === null) {
    throw new ApiError(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result.',
    );
  }
  const isSelected = parseLabelSelector(query.labelSelector);
  const rest = store.list(type.id, namespace).filter((object) => keyOf(object) > token.after && isSelected(object));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const next =
    last && rest.length > items.length ? { continue: writeToken({ version: token.version, after: keyOf(last) }) } : {};
  return {
    kind: `${type.kind}List`,
    apiVersion: type.apiVersion,
    metadata: { resourceVersion: String(token.version), ...next },
    items: items.map((item) => served(item, type)),
  };
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

/** Versions of a group share their objects: each is served as the version that was asked for. */
export function served(object: KubernetesObject, type: SandboxType): KubernetesObject {
  return object.apiVersion === type.apiVersion ? object : { ...object, apiVersion: type.apiVersion };
}

function ok(body: unknown, status = 200): ApiResponse {
  return { status, retryAfterMs: null, body };
}

function notAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
