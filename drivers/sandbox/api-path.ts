import { ApiError } from './api-error.js';
import type { SandboxType } from './type-table.js';

/** What a path of Kubernetes' REST API names. */
export type ApiPath =
  | { readonly at: 'version' }
  /** Which versions of the core group there are, and which groups. */
  | { readonly at: 'versions' }
  | { readonly at: 'groups' }
  | { readonly at: 'discovery'; readonly apiVersion: string }
  | { readonly at: 'collection'; readonly type: SandboxType; readonly namespace: string | null }
  | {
      readonly at: 'object';
      readonly type: SandboxType;
      readonly namespace: string | null;
      readonly name: string;
      readonly part: ObjectPart;
    }
  | { readonly at: 'accessReview' };

/** An object as a whole, or one of its subresources. */
export type ObjectPart = 'all' | 'status' | 'scale' | 'log' | 'token';

/** Throws 404 for paths that are not served. https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris */
export function parseApiPath(path: string, types: readonly SandboxType[]): ApiPath {
  const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
  if (segments[0] === 'version' && segments.length === 1) return { at: 'version' };
  if (segments.length === 1 && segments[0] === 'api') return { at: 'versions' };
  if (segments.length === 1 && segments[0] === 'apis') return { at: 'groups' };
  const isCore = segments[0] === 'api';
  const rest = segments.slice(isCore ? 2 : 3);
  const apiVersion = segments.slice(1, isCore ? 2 : 3).join('/');
  if (!isCore && segments[0] !== 'apis') throw notServed();
  if (path === accessReviewPath) return { at: 'accessReview' };
  if (!types.some((type) => type.apiVersion === apiVersion)) throw notServed();
  if (rest.length === 0) return { at: 'discovery', apiVersion };

  // `namespaces/NAME` is the namespace itself; with more after it, it says where.
  const isWithin = rest[0] === 'namespaces' && rest.length > 2;
  const namespace = isWithin ? (rest[1] ?? '') : null;
  const [plural, name, sub, ...more] = isWithin ? rest.slice(2) : rest;
  const type = types.find((each) => each.apiVersion === apiVersion && each.plural === plural);
  if (!type || more.length > 0 || (isWithin && !type.isNamespaced)) throw notServed();
  if (name === undefined) return { at: 'collection', type, namespace };
  if (type.isNamespaced && namespace === null) throw notServed();
  const part = partOf(type, sub);
  if (part === null) throw notServed();
  return { at: 'object', type, namespace, name, part };
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/ */
const accessReviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

function partOf(type: SandboxType, subresource: string | undefined): ObjectPart | null {
  switch (subresource) {
    case undefined:
      return 'all';
    case 'status':
      return type.hasStatus ? 'status' : null;
    case 'scale':
      return type.scale ? 'scale' : null;
    case 'log':
      return type.id === '/Pod' ? 'log' : null;
    case 'token':
      return type.id === '/ServiceAccount' ? 'token' : null;
    default:
      return null;
  }
}

function notServed(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}
