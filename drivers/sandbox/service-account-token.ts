import type { JsonObject } from '../../lib/canonical.js';
import { hashText } from '../../lib/node/hash.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { record } from '../kubernetes/object-fields.js';
import { ApiError } from './api-error.js';
import type { ClusterStore } from './cluster-store.js';
import { invalid } from './invalid.js';
import { notFound, type Target } from './write-target.js';
import { isoSeconds } from './writes.js';

/**
 * The answer to a TokenRequest of a service account. The token says itself whose it is and until when, and is good for
 * nothing but this sandbox.
 * https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
 */
export function requestToken(store: ClusterStore, target: Target, body: unknown, nowMs: number): object {
  const account = store.get(target.type.id, target.namespace, target.name);
  if (!account) throw notFound(target);
  const seconds = Number(record(record(body).spec).expirationSeconds ?? DEFAULT_SECONDS);
  if (seconds < SHORTEST_SECONDS) {
    const why = 'may not specify a duration less than 10 minutes';
    const type = { kind: 'TokenRequest', group: 'authentication.k8s.io' };
    throw invalid(type, '', [{ field: 'spec.expirationSeconds', value: seconds, why }]);
  }
  const { name, namespace, uid } = account.metadata;
  const expiresMs = nowMs + seconds * 1000;
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, uid, creationTimestamp: isoSeconds(nowMs) },
    spec: { audiences: [issuer], expirationSeconds: seconds, boundObjectRef: null },
    status: { token: write(store.name, account, nowMs, expiresMs), expirationTimestamp: isoSeconds(expiresMs) },
  };
}

/** The name of the user whose token it is. Throws 401 for a token that is not of this cluster, is over, or whose account is gone. */
export function authenticate(store: ClusterStore, token: string, nowMs: number): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = signature === sign(store.name, `${header}.${payload}`) ? parse(payload) : {};
  const { namespace, name, uid } = claims as { namespace?: string; name?: string; uid?: string };
  const account = store.get('/ServiceAccount', namespace ?? '', name ?? '');
  const isGood = account !== null && account.metadata.uid === uid && Number(claims.exp ?? 0) * 1000 > nowMs;
  if (!isGood) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  return `system:serviceaccount:${namespace}:${name}`;
}

/** What API servers give when nothing is asked for, and the least that they give. */
const DEFAULT_SECONDS = 3600;
const SHORTEST_SECONDS = 600;
const issuer = 'https://kubernetes.default.svc';

function write(cluster: string, account: KubernetesObject, nowMs: number, expiresMs: number): string {
  const { name, namespace, uid } = account.metadata;
  const claims = { iss: issuer, iat: seconds(nowMs), exp: seconds(expiresMs), namespace, name, uid };
  const signed = `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${sign(cluster, signed)}`;
}

function sign(cluster: string, signed: string): string {
  return hashText(`sandbox ${cluster} ${signed}`);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function parse(payload: string): JsonObject {
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as JsonObject;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
