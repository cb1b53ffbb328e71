import type { EventFullFragment } from '../../sdk/generated/operations.js';
import { Age } from '../live/age.js';
import { Section } from './section.js';

/** What happened last, the newest first. */
export function Events({ events }: { readonly events: readonly EventFullFragment[] }) {
  if (events.length === 0) return null;
  return (
    <Section title="Events">
      <ul className="events">
        {events.map((event) => (
          <li key={event.id} data-type={event.type}>
            <p>
              <span className="soft">
                <Age at={event.lastAt} />
              </span>{' '}
              {event.type === 'Warning' && <span className="warning">Warning </span>}
              <b>{event.reason}</b>
              {event.count > 1 && <span className="soft"> ×{event.count}</span>}
            </p>
            {event.object && <p className="soft event-object">{event.object}</p>}
            <p>{event.message}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
