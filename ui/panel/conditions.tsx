import type { StatusFullFragment } from '../../sdk/generated/operations.js';
import { Age } from '../live/age.js';
import { Section } from './section.js';

/** The statements of its controller. */
export function Conditions({ conditions }: { readonly conditions: StatusFullFragment['conditions'] }) {
  if (conditions.length === 0) return null;
  return (
    <Section title="Conditions">
      <ul className="events">
        {conditions.map(({ type, status, reason, message, since }) => (
          <li key={type}>
            <p>
              <b>{type}</b> {words[status]} · {reason}{' '}
              <span className="soft">
                for <Age at={since} />
              </span>
            </p>
            {message && <p>{message}</p>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const words = { True: 'yes', False: 'no', Unknown: 'not known' } as const;
