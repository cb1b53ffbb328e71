import DataLoader from 'dataloader';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';

/** Batches what one place of a document asks for: a relation of a hundred resources is one statement. */
export interface Loaders {
  /** The loader of this place, or of a part of it. `load` is asked once per tick; an id without an answer gives null. */
  at<Value>(
    info: Pick<GraphQLResolveInfo, 'fieldNodes'>,
    load: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
    part?: string,
  ): { load(id: string): Promise<Value | null> };
}

/** One per operation. A place is its field nodes: the same for every item of a list, however deep. */
export function createLoaders(): Loaders {
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
      const known = loaders.get(place) ?? new DataLoader<string, unknown>(batched(load), { maxBatchSize: MAX_BATCH });
      loaders.set(place, known);
      return known as DataLoader<string, Value | null>;
    },
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
