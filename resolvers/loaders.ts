import DataLoader from 'dataloader';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';

/** Batches what one place of a document asks for: a relation of a hundred resources is one statement. */
export interface Loaders {
  /**
   * The loader of this place, or of a part of it, which names the arguments that `load` depends on: operations that share
   * a document differ in them. `load` is asked once per tick; an id without an answer gives null.
   */
  at<Value>(
    info: Pick<GraphQLResolveInfo, 'fieldNodes'>,
    load: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
    part?: string,
  ): { load(id: string): Promise<Value | null> };
}

/** One per operation, or per turn. A place is its field nodes: the same for every item of a list, however deep. */
export function createLoaders(schedule?: (callback: () => void) => void): Loaders {
  const serials = new WeakMap<FieldNode, number>();
  const loaders = new Map<string, DataLoader<string, unknown>>();
  let serial = 0;
  const serialOf = (node: FieldNode) => {
    const known = serials.get(node) ?? serial++;
    serials.set(node, known);
    return known;
  };
  return {
    at<Value>(
      info: Pick<GraphQLResolveInfo, 'fieldNodes'>,
      load: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
      part = '',
    ) {
      const place = `${part} ${info.fieldNodes.map(serialOf).join()}`;
      const known =
        loaders.get(place) ??
        new DataLoader<string, unknown>(batched(load), {
          maxBatchSize: MAX_BATCH,
          ...(schedule && { batchScheduleFn: schedule }),
        });
      loaders.set(place, known);
      return known as DataLoader<string, Value | null>;
    },
  };
}

/**
 * Loaders for runs of live reads: all that begin in the same turn share theirs, so what thousands of them read at one
 * place of a document is one statement. Nothing is remembered for those that begin later, and none has written anything.
 */
export function createTurnLoaders(): () => Loaders {
  let current: Loaders | null = null;
  return () => {
    if (current) return current;
    current = createLoaders();
    queueMicrotask(() => {
      current = null;
    });
    return current;
  };
}

/**
 * Loaders for queries: all that came in with one look of the event loop at its sockets share theirs, and a statement is
 * sent once that look is over. What many ask by the same document is then one statement. What is read was asked for
 * after the last of them had arrived, so everybody sees what was committed before they asked. `afterReads` runs a
 * callback when all that has come was taken, as setImmediate does.
 */
export function createBurstLoaders(afterReads: (callback: () => void) => void): () => Loaders {
  let current: Loaders | null = null;
  return () => {
    if (current) return current;
    current = createLoaders(afterReads);
    afterReads(() => {
      current = null;
    });
    return current;
  };
}

/** Bounds the arrays that go to SQL. A page has at most 500 items, but pages nest. */
const MAX_BATCH = 10_000;

function batched<Value>(load: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>) {
  return async (ids: readonly string[]): Promise<readonly (Value | null)[]> => {
    const found = await load(ids);
    return ids.map((id) => found.get(id) ?? null);
  };
}
