import { readFile } from 'node:fs/promises';
import type { ApiPlane, ApiUser } from './api-plane.js';

/** One request, as the API server recorded it. */
export interface AuditedCall {
  readonly user: ApiUser;
  /** create, patch, delete, get, list, watch. */
  readonly verb: string;
  /** `services`; empty for what is no object, such as discovery. */
  readonly resource: string;
  /** Kind, namespace and name, as a path; a namespace is its own. */
  readonly object: string;
  readonly status: number;
  /** Milliseconds since the epoch. */
  readonly receivedAtMs: number;
  readonly answeredAtMs: number;
}

/** What `user` asked for since `sinceMs`. A watch counts when it was opened. */
export async function readAudit(
  { auditLogPath }: Pick<ApiPlane, 'auditLogPath'>,
  user: ApiUser,
  sinceMs: number,
): Promise<readonly AuditedCall[]> {
  const text = await readFile(auditLogPath, 'utf8');
  return text.split('\n').flatMap((line) => {
    // Lines are many, and most are of others.
    if (!line.includes(`"username":"${user}"`)) return [];
    const event = JSON.parse(line) as AuditEvent;
    const receivedAtMs = Date.parse(event.requestReceivedTimestamp);
    if (receivedAtMs < sinceMs || (event.verb === 'watch' && event.stage !== 'ResponseStarted')) return [];
    const status = event.responseStatus?.code ?? 0;
    const answeredAtMs = Date.parse(event.stageTimestamp);
    const { resource = '', namespace = '', name = '' } = event.objectRef ?? {};
    const object = `${resource}/${namespace}/${name}`;
    return [{ user, verb: event.verb, resource, object, status, receivedAtMs, answeredAtMs }];
  });
}

export const isWrite = ({ verb }: AuditedCall) => writes.has(verb);

const writes: ReadonlySet<string> = new Set(['create', 'patch', 'update', 'delete']);

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly objectRef?: { readonly resource?: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}
