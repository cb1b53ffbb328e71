import { useEffect } from 'react';
import {
  type KindRowFragment,
  type ResourceFilter,
  UiRowsDocument,
  type UiRowsSubscription,
  type UiRowsSubscriptionVariables,
} from '../../sdk/generated/operations.js';
import { useLive } from '../live/use-live.js';
import { Row } from './row.js';

export const PAGE_SIZE = 50;

/** One page of a list, of which the rows of `range` are drawn. */
export function RowsPage({
  filter,
  after,
  columns,
  range,
  offset,
  rowHeight,
  onEnd,
}: {
  readonly filter: ResourceFilter;
  readonly after: string | null;
  readonly columns: KindRowFragment['columns'];
  readonly range: { readonly first: number; readonly last: number };
  /** Rows before this page. */
  readonly offset: number;
  readonly rowHeight: number;
  /** Where the next page begins; null when there is none. */
  onEnd(cursor: string | null): void;
}) {
  const { data } = useLive<UiRowsSubscription, UiRowsSubscriptionVariables>(UiRowsDocument, {
    filter,
    first: PAGE_SIZE,
    after,
  });
  const pageInfo = data?.resources.pageInfo;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the page ends elsewhere.
  useEffect(() => {
    if (pageInfo) onEnd(pageInfo.hasNextPage ? pageInfo.endCursor : null);
  }, [pageInfo?.hasNextPage, pageInfo?.endCursor]);
  return data?.resources.nodes.map(
    (row, index) =>
      index >= range.first &&
      index <= range.last && <Row key={row.id} row={row} columns={columns} top={(offset + index) * rowHeight} />,
  );
}
