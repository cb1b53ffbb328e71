import type { FieldDifferenceFullFragment } from '../../sdk/generated/operations.js';
import { Section } from './section.js';

/** In what an object is not as desired, and who made it so. */
export function Drift({ differences }: { readonly differences: readonly FieldDifferenceFullFragment[] }) {
  if (differences.length === 0) return null;
  return (
    <Section title="Differs from what is desired" count={differences.length}>
      <ul className="events">
        {differences.map(({ path, desired, live, manager }) => (
          <li key={path}>
            <p>
              <code>{path}</code>
            </p>
            <p>
              {JSON.stringify(live)} <span className="soft">instead of</span> {JSON.stringify(desired)}
              {manager !== null && <span className="soft"> by {manager}</span>}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
