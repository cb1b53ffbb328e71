import type { FocusEvent } from 'react';
import type { Health } from '../../lib/health.js';
import { HealthMark } from '../look/health-mark.js';
import type { ObjectName } from '../route/route.js';
import { objectColumns } from './card-size.js';
import { useChartActions } from './chart-actions.js';
import type { ChartObject, DrawnObjects } from './chart-model.js';

/** The objects of a resource: each, or counted. */
export function ObjectList({
  id,
  objects,
  selected,
  onFocus,
}: {
  readonly id: string;
  readonly objects: DrawnObjects;
  readonly selected: ObjectName | null;
  onFocus(event: FocusEvent<HTMLElement>): void;
}) {
  const { select } = useChartActions();
  if (objects.type === 'none') return null;
  if (objects.type === 'counted')
    return (
      <ul className="card-list">
        <li className="card-count">{objects.total.toLocaleString()} objects</li>
        {objects.counts.map(({ health, count }) => (
          <li key={health} className="card-count">
            <HealthMark health={health} /> {count.toLocaleString()}
          </li>
        ))}
      </ul>
    );
  return (
    <ul className="card-list" data-columns={objectColumns({ objects })}>
      {objects.objects.map((object) => (
        <li key={keyOf(object)}>
          <button
            type="button"
            className="object nopan"
            data-health={object.health}
            aria-pressed={selected !== null && keyOf(selected) === keyOf(object)}
            title={[`${object.kind} ${object.name}`, object.reason, object.message].filter(Boolean).join('\n')}
            onClick={() => select({ id, object: nameOf(object) })}
            onFocus={onFocus}
          >
            <HealthMark health={object.health} hasWord={!speaking.has(object.health)} />
            <span className="object-kind">{object.kind}</span>
            <span className="object-name">{object.name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function nameOf({ kind, namespace, name }: ChartObject): ObjectName {
  return { kind, namespace, name };
}

function keyOf({ kind, namespace, name }: ObjectName): string {
  return [kind, namespace, name].join('/');
}

/** Whose shapes say enough; the word would leave no room for the name. */
const speaking: ReadonlySet<Health> = new Set(['Healthy', 'Progressing']);
