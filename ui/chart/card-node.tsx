import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { Age } from '../live/age.js';
import { HealthMark } from '../look/health-mark.js';
import { kindWords } from '../look/kind-words.js';
import type { Selected } from '../route/route.js';
import { useChartActions } from './chart-actions.js';
import type { Card } from './chart-model.js';
import { Folded } from './folded.js';
import { ObjectList } from './object-list.js';
import { useReveal } from './use-reveal.js';

export type CardNodeType = Node<{ readonly card: Card; readonly selected: Selected | null }, 'card'>;

/** A resource with its objects. */
export function CardNode({ id, data: { card, selected } }: NodeProps<CardNodeType>) {
  const { select } = useChartActions();
  const reveal = useReveal(id);
  const { resource, isQuiet } = card;
  const { status, kind, name } = resource;
  const isSelected = selected !== null && selected.object === null;
  return (
    <div
      className="card"
      data-health={isQuiet ? undefined : status.health}
      data-root={card.isRoot || undefined}
      data-quiet={isQuiet || undefined}
      data-selected={isSelected || undefined}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
      <button
        type="button"
        className="card-head nopan"
        aria-pressed={isSelected}
        onClick={() => select({ id, object: null })}
        onFocus={reveal}
      >
        <span className="card-kind">{kindWords(kind)}</span>
        {!isQuiet && <HealthMark health={status.health} isDeleting={resource.deletionRequestedAt !== null} />}
        <span className="card-name" title={name}>
          {name}
        </span>
        {!isQuiet && <Note resource={resource} />}
      </button>
      <ObjectList id={id} objects={card.objects} selected={selected?.object ?? null} onFocus={reveal} />
      <Folded id={id} card={card} />
    </div>
  );
}

/** One line: what is wrong, or what it gives, or since when it is well. */
function Note({ resource: { status, attempt } }: { readonly resource: Card['resource'] }) {
  if (!status.isSettled) {
    const isFailing = attempt !== null && attempt.count > 0;
    const text = isFailing ? attempt.lastError : [status.reason, status.message].filter(Boolean).join(': ');
    return (
      <span className="card-note" data-bad title={text}>
        {text || 'Waiting for its controller'}
      </span>
    );
  }
  const address = status.outputs.map(({ value }) => value).find((value) => /^https?:/.test(String(value)));
  return (
    <span className="card-note" title={address ? String(address) : undefined}>
      {address
        ? String(address)
        : status.since !== null && (
            <>
              for <Age at={status.since} />
            </>
          )}
    </span>
  );
}
