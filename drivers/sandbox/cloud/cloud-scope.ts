import type { CloudRequest } from './cloud-call.js';

/** Who asks, and where: what all requests of one driver share. */
export type CloudScope = Omit<CloudRequest, 'call'>;

/** As a bearer token, for nothing secret belongs into a path. */
export function cloudScopeToken(scope: CloudScope): string {
  return Buffer.from(JSON.stringify(scope)).toString('base64url');
}

export function parseCloudScope(token: string): CloudScope {
  return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as CloudScope;
}
