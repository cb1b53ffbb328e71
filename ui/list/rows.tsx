import { type CSSProperties, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ResourceFilter } from '../../sdk/generated/operations.js';
import { useKinds } from '../kinds/kinds.js';
import { useMedia } from '../look/use-media.js';
import { PAGE_SIZE, RowsPage } from './rows-page.js';

/**
 * A list of any length, of which only the pages around what is seen are followed. A page begins after the last row of the
 * one before it, so the places of pages are learned one after the other.
 */
export function Rows({
  filter,
  kind,
  total,
}: {
  readonly filter: ResourceFilter;
  readonly kind: string;
  readonly total: number;
}) {
  const known = useKinds().get(kind);
  const columns = useMemo(() => known?.columns.filter(({ isWide }) => !isWide) ?? [], [known]);
  const isNarrow = useMedia('(max-width: 720px)');
  const rowHeight = isNarrow ? NARROW_ROW : WIDE_ROW;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  /** The cursor that each known page begins after. */
  const [starts, setStarts] = useState<readonly (string | null)[]>([null]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const last = Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN;
  const firstPage = Math.floor(first / PAGE_SIZE);
  const lastPage = Math.floor(last / PAGE_SIZE);
  const isFollowed = (page: number) =>
    (page >= firstPage && page <= lastPage) || (page === starts.length - 1 && page < firstPage);
  const learn = (page: number, end: string | null) =>
    setStarts((known) => {
      if (end === null) return known.length === page + 1 ? known : known.slice(0, page + 1);
      if (known[page + 1] === end) return known;
      return [...known.slice(0, page + 1), end, ...known.slice(page + 2)];
    });

  const style = {
    '--row-height': `${rowHeight}px`,
    ...(columns.length > 0 ? { '--columns': `repeat(${columns.length}, minmax(56px, 0.9fr))` } : {}),
  } as CSSProperties;
  return (
    <div className="rows" ref={box} style={style}>
      <div className="row-titles" aria-hidden="true">
        <span>Health</span>
        <span>Name</span>
        <span>Where</span>
        {columns.map(({ header }) => (
          <span key={header}>{header.toLowerCase()}</span>
        ))}
        <span>Parts</span>
        <span>Why</span>
        <span>Since</span>
      </div>
      <ul style={{ height: total * rowHeight }}>
        {starts.map(
          (after, page) =>
            isFollowed(page) && (
              <RowsPage
                // biome-ignore lint/suspicious/noArrayIndexKey: pages are told apart by their number.
                key={page}
                filter={filter}
                after={after}
                columns={columns}
                range={{ first: first - page * PAGE_SIZE, last: last - page * PAGE_SIZE }}
                offset={page * PAGE_SIZE}
                rowHeight={rowHeight}
                onEnd={(end) => learn(page, end)}
              />
            ),
        )}
      </ul>
    </div>
  );
}

const WIDE_ROW = 40;
const NARROW_ROW = 62;
/** Rows beyond what is seen, so that none is missing while it is scrolled. */
const OVERSCAN = 12;
