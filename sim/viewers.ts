import { sleep } from '../lib/clock.js';
import { followChanges } from '../sdk/follow-changes.js';
import type { SimProcess } from './process.js';
import type { SimGraphClient } from './sim-graph-client.js';

/** What somebody who looks on was told. */
export interface ViewerRecord {
  readonly name: string;
  /** The newest answer of a live read of all resources; null: none yet. */
  readonly live: LiveAnswer['resources'] | null;
  /** `CURSOR#ORDINAL OP NAME` of each entry of the log, in the order in which they came. */
  readonly changes: readonly ViewedChange[];
  /** From where in the log on. */
  readonly since: string | null;
}

export interface LiveAnswer {
  readonly resources: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly id: string;
      readonly kind: string;
      readonly version: number;
      readonly generation: number;
      readonly status: { readonly version: number; readonly health: string };
    }[];
  };
}

/** Small, so that many runs cost little: what a version stands for is the same as what it says. */
const LIVE = `subscription LiveEverything {
  resources(first: 200, orderBy: NAME) { totalCount nodes { id kind version generation status { version health } } }
}`;

export interface ViewedChange {
  readonly cursor: string;
  readonly ordinal: number;
  readonly resourceId: string;
  readonly op: string;
}

/** Results that may wait for a slow reader: few, so that it is full now and then. */
export const SLOW_LIMIT = 3;

/**
 * Somebody who looks at everything, live, and follows the whole log, over any number of connections. After each thing that
 * it reads it does something else, for `restMs()` at most; 0: it reads on at once.
 */
export function startViewer(
  name: string,
  { process, client }: { readonly process: SimProcess; readonly client: SimGraphClient },
  restMs: () => number,
): ViewerRecord {
  const changes: ViewedChange[] = [];
  const record = { name, live: null as LiveAnswer['resources'] | null, changes, since: null as string | null };
  const { clock, random } = process;
  const rest = () => {
    const mostMs = restMs();
    return mostMs === 0 ? undefined : sleep(clock, random.next() * mostMs);
  };
  const followLive = async () => {
    for await (const { resources } of client.subscribe<LiveAnswer, object>(LIVE, {})) {
      record.live = resources;
      await rest();
    }
  };
  const followLog = async () => {
    for await (const { type, cursor, revisions } of followChanges(client, {})) {
      if (type === 'SYNC') record.since ??= cursor;
      for (const { ordinal, resourceId, op } of revisions) changes.push({ cursor, ordinal, resourceId, op });
      await rest();
    }
  };
  for (const follow of [followLive, followLog]) {
    follow().catch((error: unknown) => process.log.error(`${name} was refused`, { error: String(error) }));
  }
  return record;
}
