import {
  ChangesDocument,
  type ChangesSubscription,
  type ChangesSubscriptionVariables,
} from './generated/operations.js';
import type { CallOptions, GraphClient } from './graph-client.js';

export type Change = ChangesSubscription['changes'];

/**
 * The complete log after `after`, over any number of connections: after a loss it goes on from the last commit that the
 * reader took, so a commit is neither missed nor seen twice. Left out: from now on, beginning with SYNC. Throws GraphError
 * CURSOR_EXPIRED when the cursor is of another plane or too old: list everything, then begin again without one.
 */
export function followChanges(
  client: GraphClient,
  start: { readonly after?: string; readonly filter?: ChangesSubscriptionVariables['filter'] },
  options?: CallOptions,
): AsyncIterableIterator<Change> {
  let cursor = start.after;
  const answers = client.subscribe<ChangesSubscription, ChangesSubscriptionVariables>(
    ChangesDocument,
    () => ({ after: cursor, filter: start.filter }),
    options,
  );
  const leave = async (): Promise<IteratorResult<Change>> => {
    await answers.return?.();
    return { value: undefined, done: true };
  };
  return {
    async next() {
      const answer = await answers.next();
      if (answer.done) return { value: undefined, done: true };
      cursor = answer.value.changes.cursor;
      return { value: answer.value.changes, done: false };
    },
    return: leave,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
