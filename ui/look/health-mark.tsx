import type { ReactNode } from 'react';
import type { Health } from '../../lib/health.js';

/** A health as shape, word and colour: any one of the three tells it. Without `hasWord` the word is there for readers alone. */
export function HealthMark({
  health,
  hasWord = true,
  isDeleting = false,
}: {
  readonly health: Health;
  readonly hasWord?: boolean;
  readonly isDeleting?: boolean;
}) {
  const word = isDeleting ? 'Deleting' : health;
  return (
    <span className="health" data-health={health} data-deleting={isDeleting || undefined} title={word}>
      <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
        {isDeleting ? shapes.Progressing : shapes[health]}
      </svg>
      <span className={hasWord ? undefined : 'for-readers'}>{word}</span>
    </span>
  );
}

const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.8, strokeLinecap: 'round' } as const;
const cut = { fill: 'none', stroke: 'var(--pane)', strokeWidth: 1.9, strokeLinecap: 'round' } as const;

const shapes: Readonly<Record<Health, ReactNode>> = {
  Healthy: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.8 8.3 2.2 2.2 4.2-4.6" {...cut} strokeLinejoin="round" />
    </>
  ),
  Progressing: (
    <>
      <circle cx="8" cy="8" r="6" {...line} opacity=".25" />
      <path className="turning" d="M8 2a6 6 0 0 1 6 6" {...line} />
    </>
  ),
  Degraded: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor" />
      <path d="M8 4.2v4.6M8 11.6v.2" {...cut} />
    </>
  ),
  Suspended: (
    <>
      <circle cx="8" cy="8" r="6.2" {...line} />
      <path d="M6.3 5.8v4.4M9.7 5.8v4.4" {...line} />
    </>
  ),
  Missing: (
    <>
      <circle cx="8" cy="8" r="6.2" {...line} strokeDasharray="2 3" />
      <path d="M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4" {...line} strokeWidth={1.5} />
    </>
  ),
  Unknown: (
    <>
      <circle cx="8" cy="8" r="6.2" {...line} />
      <path d="M6.2 6.3a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.6-.9 1.2M8 11.4v.1" {...line} strokeWidth={1.5} />
    </>
  ),
};
