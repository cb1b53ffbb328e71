import type { CloudAction, CloudIdentity, CloudKey, CloudQuery, CloudResource, CloudWish } from '../../cloud/driver.js';
import type { CloudCredentials } from './credentials.js';
import type { CloudRefusal } from './refusal.js';

/** What one request to the simulated cloud asks. */
export type CloudCall =
  | { readonly verb: 'identify' }
  | { readonly verb: 'missingActions'; readonly actions: readonly CloudAction[] }
  | { readonly verb: 'describe'; readonly key: CloudKey }
  | { readonly verb: 'list'; readonly query: CloudQuery; readonly after: string | null }
  | { readonly verb: 'create'; readonly key: CloudKey; readonly wish: CloudWish }
  | { readonly verb: 'update'; readonly key: CloudKey; readonly wish: Omit<CloudWish, 'token'> }
  | { readonly verb: 'delete'; readonly key: CloudKey; readonly id: string | null }
  | { readonly verb: 'empty'; readonly key: CloudKey };

/** What each is answered with. */
export interface CloudAnswers {
  readonly identify: CloudIdentity;
  readonly missingActions: readonly CloudAction[];
  readonly describe: CloudResource | null;
  readonly list: CloudPage;
  readonly create: null;
  readonly update: null;
  readonly delete: 'accepted' | 'absent';
  readonly empty: null;
}

export interface CloudPage {
  readonly resources: readonly CloudResource[];
  /** Where the next page goes on; null at the end. */
  readonly after: string | null;
}

/** A call and who makes it, where. */
export interface CloudRequest {
  readonly account: string;
  readonly region: string;
  readonly credentials: CloudCredentials;
  readonly call: CloudCall;
}

export type CloudReply = { readonly value: CloudAnswers[CloudCall['verb']] } | { readonly refusal: CloudRefusal };

/** Calls that change nothing: sent again where a connection turned out to be closed. */
export function isRead({ verb }: CloudCall): boolean {
  return verb === 'identify' || verb === 'missingActions' || verb === 'describe' || verb === 'list';
}
