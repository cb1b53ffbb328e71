import { memo } from 'react';
import type { KindRowFragment, UiRowFragment } from '../../sdk/generated/operations.js';
import { Age } from '../live/age.js';
import { HealthBar } from '../look/health-bar.js';
import { HealthMark } from '../look/health-mark.js';
import { Link } from '../route/link.js';
import { valueAt } from './value-at.js';

/** One resource; the whole line leads to its chart. Not drawn again while others are scrolled by. */
export const Row = memo(function Row({
  row,
  columns,
  top,
}: {
  readonly row: UiRowFragment;
  readonly columns: KindRowFragment['columns'];
  readonly top: number;
}) {
  const { status } = row;
  const why = status.isSettled ? '' : [status.reason, status.message].filter(Boolean).join(': ');
  const place = [row.project?.name, row.environment?.name].filter(Boolean).join(' / ');
  return (
    <li style={{ top }}>
      <Link to={{ view: 'chart', id: row.id, selected: null }} className="row">
        <HealthMark health={status.health} isDeleting={row.deletionRequestedAt !== null} />
        <span className="row-name" title={row.name}>
          {row.owner && <span className="soft">{row.owner.name} › </span>}
          {row.name}
        </span>
        <span className="row-place" title={place}>
          {place}
        </span>
        {columns.map(({ header, path }) => (
          <span key={header} className="row-value wide-only" title={valueAt(row, path)}>
            {valueAt(row, path)}
          </span>
        ))}
        <span className="row-parts">
          <HealthBar counts={row.children.countsByHealth} of="parts" />
        </span>
        <span className="row-why" title={why}>
          {why}
        </span>
        <span className="row-since">{status.since !== null && <Age at={status.since} />}</span>
      </Link>
    </li>
  );
});
