import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../lib/errors.js';
import { createSdk } from '../sdk/client.js';
import type { EditInput } from '../sdk/generated/operations.js';
import type { GraphClient } from '../sdk/graph-client.js';
import { GraphError, ServerUnreachableError } from '../sdk/graph-error.js';

/** Somebody who changes things, and sends again what was not answered, under the same key, until it is. */
export interface User {
  /** Returns the cursor. Throws what was refused, and what was not answered for too long. */
  apply(key: string, edits: readonly EditInput[]): Promise<string>;
  /** Every changeset that was acknowledged, since the beginning. */
  acknowledged(): readonly { readonly key: string; readonly changesetId: string }[];
}

export function createUser(client: GraphClient): User {
  const sdk = createSdk(client);
  const acknowledged: { readonly key: string; readonly changesetId: string }[] = [];
  return {
    async apply(key, edits) {
      const untilMs = Date.now() + PATIENCE_MS;
      for (;;) {
        try {
          const { apply } = await sdk.Apply({ input: { idempotencyKey: key, edits: [...edits] } });
          acknowledged.push({ key, changesetId: apply.changesetId });
          return apply.cursor;
        } catch (error) {
          const isUnanswered =
            error instanceof ServerUnreachableError || (error instanceof GraphError && error.code === 'INTERNAL');
          if (!isUnanswered) throw new Error(`${key} was refused: ${errorText(error)}`, { cause: error });
          if (Date.now() > untilMs)
            throw new Error(`${key} was not answered in ${PATIENCE_MS} ms: ${errorText(error)}`);
        }
        await delay(BETWEEN_MS);
      }
    },
    acknowledged: () => acknowledged,
  };
}

const PATIENCE_MS = 40_000;
const BETWEEN_MS = 50;
