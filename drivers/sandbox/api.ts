import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { splitApiVersion } from '../kubernetes/api-version.js';
import { record, text } from '../kubernetes/object-fields.js';
import type { ApiRequest, ApiResponse } from '../kubernetes/transport.js';
import { ApiError } from './api-error.js';
import { parseApiPath } from './api-path.js';
import type { ClusterStore } from './cluster-store.js';
import type { Faults, Verb } from './faults.js';
import { listPage } from './list-page.js';
import { objectView } from './object-view.js';
import { readPodLog } from './pod-log.js';
import { reviewAccess } from './rights.js';
import { answerScale } from './scale.js';
import { requestToken } from './service-account-token.js';
import type { SandboxType } from './type-table.js';
import { notFound, type Target } from './write-target.js';
import type { WriteOptions, Writes } from './writes.js';

/** What the sandbox answers to the version question. */
const version = { major: '1', minor: '36', gitVersion: 'v1.36.2+sandbox', platform: 'sandbox' };

/** What a request is answered from. */
export interface ApiParts {
  readonly store: ClusterStore;
  readonly writes: Writes;
  readonly faults: Faults;
  readonly nowMs: number;
  /** The end of a name that is left to the server. */
  suffix(): string;
}

/** Answers one request, but for watches and logs that are followed. Throws ApiError for what is refused. */
export function answer(parts: ApiParts, request: Omit<ApiRequest, 'signal'>): ApiResponse {
  const { store, writes, faults, nowMs } = parts;
  const path = parseApiPath(request.path, store.types());
  switch (path.at) {
    case 'version':
      return ok(version);
    case 'versions':
      return ok({ kind: 'APIVersions', versions: ['v1'] });
    case 'groups':
      return ok(listGroups(store));
    case 'discovery':
      return ok(discover(store, path.apiVersion));
    case 'accessReview':
      return ok(reviewAccess(store, faults, request.body), 201);
    case 'collection':
      return answerCollection(parts, path.type, path.namespace, request);
    case 'object': {
      const target: Target = { type: path.type, namespace: path.namespace, name: path.name };
      if (path.part === 'log') return answerLog(store, target, request.query ?? {}, nowMs);
      if (path.part === 'token') return ok(requestToken(store, target, request.body, nowMs), 201);
      if (path.part === 'scale') return ok(answerScale(store, writes, target, changeOf(request)));
      return answerObject(store, writes, target, request, path.part === 'status' ? 'status' : undefined);
    }
    default:
      return path satisfies never;
  }
}

function answerLog(
  store: ClusterStore,
  target: Target,
  query: Readonly<Record<string, string>>,
  nowMs: number,
): ApiResponse {
  const pod = store.get(target.type.id, target.namespace, target.name);
  // A pod without a node has no kubelet to ask.
  if (pod && record(pod.spec).nodeName === undefined) return ok('', 204);
  const lines = readPodLog(store, target, query, nowMs);
  return ok(lines.map((line) => `${line}\n`).join(''));
}

function answerCollection(
  { store, writes, suffix }: ApiParts,
  type: SandboxType,
  namespace: string | null,
  request: Omit<ApiRequest, 'signal'>,
): ApiResponse {
  if (request.method === 'GET') return ok(listPage(store, type, namespace, request));
  if (request.method !== 'POST') throw notAllowed();
  const body = bodyOf(request, type);
  const { name, generateName } = record(body.metadata);
  const generated = text(generateName) && `${text(generateName).slice(0, 58)}${suffix()}`;
  const target: Target = { type, namespace, name: text(name) || generated };
  return ok(writes.create(target, body, writeOptions(request)), 201);
}

function answerObject(
  store: ClusterStore,
  writes: Writes,
  target: Target,
  request: Omit<ApiRequest, 'signal'>,
  part: WriteOptions['part'],
): ApiResponse {
  const view = objectView(target.type, request.accept, false);
  const options = { ...writeOptions(request), ...(part === undefined ? {} : { part }) };
  switch (request.method) {
    case 'GET': {
      const found = store.get(target.type.id, target.namespace, target.name);
      if (!found) throw notFound(target);
      return ok(view.show(found));
    }
    case 'PATCH': {
      if (!isApply(request)) return ok(view.show(writes.patch(target, patchOf(request), options)));
      const applied = bodyOf(request, target.type);
      const { object, isNew } = writes.apply(target, applied, { ...options, force: request.query?.force === 'true' });
      return ok(view.show(object), isNew ? 201 : 200);
    }
    case 'PUT':
      return ok(view.show(writes.replace(target, bodyOf(request, target.type), options)));
    case 'DELETE': {
      const { uid, resourceVersion } = record(record(request.body).preconditions);
      const seen = {
        ...(uid ? { uid: String(uid) } : {}),
        ...(resourceVersion ? { resourceVersion: String(resourceVersion) } : {}),
      };
      return ok(writes.delete(target, seen, options.dryRun));
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
    if (path.at !== 'collection' && path.at !== 'object') return none;
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
  return isApply(request) ? 'apply' : 'update';
}

function isApply({ method, contentType }: Pick<ApiRequest, 'method' | 'contentType'>): boolean {
  return method === 'PATCH' && contentType === 'application/apply-patch+yaml';
}

/** What is asked of a scale; null to read it. */
function changeOf(request: Omit<ApiRequest, 'signal'>) {
  if (request.method === 'GET') return null;
  if (request.method !== 'PATCH' && request.method !== 'PUT') throw notAllowed();
  const how =
    request.method === 'PUT' ? ('replace' as const) : isApply(request) ? ('apply' as const) : ('patch' as const);
  return { how, body: patchOf(request), force: request.query?.force === 'true', ...writeOptions(request) };
}

function writeOptions(request: Omit<ApiRequest, 'signal'>): { readonly manager: string; readonly dryRun: boolean } {
  return { manager: request.query?.fieldManager ?? 'unknown', dryRun: request.query?.dryRun === 'All' };
}

function patchOf({ body }: Omit<ApiRequest, 'signal'>): JsonObject {
  if (isJsonObject(body)) return body;
  throw new ApiError(400, 'BadRequest', 'the body of a merge patch must be an object');
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

/** The first version of a group that is served is the one that it prefers, as the newest stable one is. */
function listGroups(store: ClusterStore): object {
  const versions = [...new Set(store.types().map(({ apiVersion }) => apiVersion))].filter((name) => name.includes('/'));
  const names = [...new Set(versions.map((apiVersion) => splitApiVersion(apiVersion).group))];
  const groups = names.map((name) => {
    const own = versions
      .filter((apiVersion) => splitApiVersion(apiVersion).group === name)
      .map((groupVersion) => ({ groupVersion, version: splitApiVersion(groupVersion).version }));
    return { name, versions: own, preferredVersion: own[0] };
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

function discover(store: ClusterStore, apiVersion: string): object {
  const types = store.types().filter((type) => type.apiVersion === apiVersion);
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
  const resources = types.flatMap(({ plural, kind, isNamespaced, hasStatus, scale }) => {
    const part = { singularName: '', namespaced: isNamespaced, verbs: ['get', 'patch', 'update'] };
    return [
      { name: plural, singularName: kind.toLowerCase(), namespaced: isNamespaced, kind, verbs },
      ...(scale ? [{ ...part, name: `${plural}/scale`, group: 'autoscaling', version: 'v1', kind: 'Scale' }] : []),
      ...(hasStatus ? [{ ...part, name: `${plural}/status`, kind }] : []),
    ];
  });
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersion, resources };
}

function ok(body: unknown, status = 200): ApiResponse {
  return { status, retryAfterMs: null, body };
}

function notAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
