import type { ReactNode } from 'react';

/** Names and values; what has no value is left out. */
export function Fields({ fields }: { readonly fields: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="fields">
      {fields
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
