import { type ReactNode, useEffect, useRef } from 'react';
import type { Selected } from '../route/route.js';
import { ObjectPanel } from './object-panel.js';
import { ResourcePanel } from './resource-panel.js';

/** All about what was clicked. Escape closes it. */
export function PanelView({
  selected,
  onSelect,
  onClose,
}: {
  readonly selected: Selected;
  onSelect(selected: Selected): void;
  onClose(): void;
}) {
  const box = useRef<HTMLElement>(null);
  const key = JSON.stringify(selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it is about something else.
  useEffect(() => {
    if (box.current) box.current.scrollTop = 0;
  }, [key]);
  useEffect(() => {
    const close = (event: KeyboardEvent) => event.key === 'Escape' && onClose();
    window.addEventListener('keydown', close);
    return () => window.removeEventListener('keydown', close);
  }, [onClose]);
  const content: ReactNode = selected.object ? (
    <ObjectPanel key={key} id={selected.id} name={selected.object} onSelect={onSelect} />
  ) : (
    <ResourcePanel key={key} id={selected.id} onSelect={onSelect} />
  );
  return (
    <aside className="panel" ref={box} aria-label="Details">
      <button type="button" className="panel-close quiet" onClick={onClose} aria-label="Close the details">
        ✕
      </button>
      {content}
    </aside>
  );
}
