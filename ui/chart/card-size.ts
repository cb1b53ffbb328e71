import type { Card } from './chart-model.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * How large a card is. Follows from what it holds alone and not from its health, so that nothing moves when something
 * turns red. chart.css has the same measures.
 */
export function cardSize({ objects, folded, isUnfolded, isQuiet }: Card): Size {
  const columns = objectColumns({ objects });
  const lines =
    objects.type === 'each'
      ? Math.ceil(objects.objects.length / columns)
      : objects.type === 'counted'
        ? objects.counts.length + 1
        : 0;
  return {
    width: isQuiet ? QUIET_WIDTH : columns === 2 ? WIDE_WIDTH : WIDTH,
    height:
      (isQuiet ? QUIET_HEAD : HEAD) +
      (lines > 0 ? lines * LINE + LIST_PADDING : 0) +
      (folded !== null || isUnfolded ? LINE + LIST_PADDING : 0),
  };
}

/** Many objects stand in two columns. */
export function objectColumns({ objects }: Pick<Card, 'objects'>): 1 | 2 {
  return objects.type === 'each' && objects.objects.length > ONE_COLUMN ? 2 : 1;
}

const WIDTH = 250;
const WIDE_WIDTH = 470;
const QUIET_WIDTH = 190;
const HEAD = 78;
const QUIET_HEAD = 50;
const LINE = 26;
const LIST_PADDING = 11;
const ONE_COLUMN = 10;
