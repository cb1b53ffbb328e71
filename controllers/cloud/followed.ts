import type { CloudResource, CloudState } from '../../drivers/cloud/driver.js';
import { hashJson } from '../../lib/node/hash.js';
import type { FencedCall } from '../../sdk/resource-client.js';

/** A resource in a cloud as the pass left it that asks to be woken when it is otherwise. */
export interface Followed {
  /** Of the resource that is woken. */
  readonly id: string;
  /** What it is called in the cloud. */
  readonly name: string;
  /** As that pass saw it; null: not shown. */
  readonly seen: CloudResource | null;
  /** The state that it is in until what is under way is over, which is no news. Null: nothing is under way. */
  readonly awaits: CloudState | null;
  /** Whether that was asked for just now. Left out: it was only looked at. */
  readonly isAsked?: boolean;
  /** In whose name it is looked at. Followed no longer than its lease is held. */
  readonly call: FencedCall;
}

/** What is kept of it, which is little: there may be a hundred thousand. */
export interface FollowedEntry extends Omit<Followed, 'seen' | 'isAsked'> {
  /** Of what was seen; null: not shown. */
  readonly hash: string | null;
  readonly sinceMs: number;
  /** When it was asked for what is under way; null: it is as it was seen. */
  readonly askedMs: number | null;
  nextAtMs: number;
  /** Between the last look and the next. */
  paceMs: number;
  /** Whether it was seen to be what it awaits: from then on all else is news. */
  wasUnderWay: boolean;
  /** It was told, and no pass has followed it anew yet. */
  isTold: boolean;
  /** What it was woken for. */
  news: CloudResource | null;
}

export function hashOf(seen: CloudResource | null): string | null {
  return seen && hashJson(seen);
}

/** Whether what a look found is for the resource to know. */
export function isNews(entry: FollowedEntry, found: CloudResource | null): boolean {
  // What was asked for may not be shown yet.
  if (found === null) return entry.hash !== null || entry.wasUnderWay;
  if (entry.awaits !== null && found.state === entry.awaits) return false;
  return entry.wasUnderWay || entry.hash !== hashOf(found);
}
