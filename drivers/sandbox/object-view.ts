import type { KubernetesObject } from '../kubernetes/driver.js';
import { ApiError } from './api-error.js';
import type { SandboxType } from './type-table.js';

/** How objects are shown to whoever asked: as they are, or their metadata alone. */
export interface ObjectView {
  readonly listKind: string;
  readonly apiVersion: string;
  show(object: KubernetesObject): KubernetesObject;
}

/**
 * What the Accept header asks for (https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches).
 * Throws 406 when a list is asked for as one object, or the other way round.
 */
export function objectView(type: SandboxType, accept: string | undefined, isList: boolean): ObjectView {
  const { apiVersion, kind } = type;
  const [first = ''] = (accept ?? '').split(',');
  const asked = /;\s*as=(\w+)/.exec(first)?.[1] ?? null;
  if (asked === null) {
    // Versions of a group share their objects: each is served as the version that was asked for.
    const show = (object: KubernetesObject) => (object.apiVersion === apiVersion ? object : { ...object, apiVersion });
    return { listKind: `${kind}List`, apiVersion, show };
  }
  if (asked === (isList ? 'PartialObjectMetadataList' : 'PartialObjectMetadata')) {
    return { listKind: 'PartialObjectMetadataList', apiVersion: metaVersion, show: toMetadata };
  }
  const message = isList
    ? `you requested ${asked}, but the requested object is a list (${kind}List)`
    : `you requested ${asked}, but the requested object is not a list (${kind})`;
  throw new ApiError(406, 'NotAcceptable', message);
}

const metaVersion = 'meta.k8s.io/v1';

function toMetadata({ metadata }: KubernetesObject): KubernetesObject {
  return { kind: 'PartialObjectMetadata', apiVersion: metaVersion, metadata };
}
