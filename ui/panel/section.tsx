import type { ReactNode } from 'react';

/** A titled part of the panel. */
export function Section({
  title,
  count,
  children,
}: {
  readonly title: string;
  readonly count?: number;
  readonly children: ReactNode;
}) {
  return (
    <section className="panel-section">
      <h3>
        {title} {count !== undefined && <span className="soft">{count.toLocaleString()}</span>}
      </h3>
      {children}
    </section>
  );
}
