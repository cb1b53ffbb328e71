import type { Command } from 'commander';
import { healths } from '../../lib/health.js';
import { colourOfHealth, paint } from '../output/colour.js';
import { type DescribedResource, describeText } from '../output/describe-text.js';
import { findSubject, withSubject } from '../resources/find-subject.js';
import { timeOfMoment } from '../resources/moment.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withAsOf, withPlace } from './options.js';

/** `portolan describe [KIND] NAME`. */
export function addDescribe(program: Command, session: Session): void {
  const command = withSubject(program.command('describe')).description(
    'shows all about a resource: what is not well, what it owns, spec, who set what, events',
  );
  withAsOf(withPlace(command), session.clock).action(async (words: readonly string[], options: PlaceOptions) => {
    const plane = await session.plane();
    const place = placeOf(options);
    const row = await findSubject(session, words, place);
    const { sdk } = plane;
    const call = { signal: session.signal };
    const whole = { resourceId: row.id, withChildren: true };
    const isPast = place.asOf !== undefined;
    const [{ node }, troubled, drifted, events] = await Promise.all([
      sdk.DescribeResource({ id: row.id, asOf: place.asOf ?? null }, call),
      isPast ? null : sdk.FindObjects({ filter: { ...whole, health: [...notHealthy] } }, call),
      isPast ? null : sdk.FindObjects({ filter: { ...whole, isDrifted: true } }, call),
      isPast ? null : sdk.ListEvents({ filter: whole, first: SHOWN_EVENTS }, call),
    ]);
    if (!node || !('kind' in node)) return;
    const resource: DescribedResource = node;
    const { terminal, clock } = session;
    const paintHealth = (health: string) => paint(health, colourOfHealth(health), terminal.hasColour);
    const around = {
      troubled: troubled?.objects.nodes ?? [],
      drifted: drifted?.objects.nodes ?? [],
      events: events?.events.nodes ?? [],
    };
    const nowMs = timeOfMoment(place.asOf, clock.now());
    terminal.print(describeText(resource, around, { terminal, paintHealth, nowMs }).join('\n'));
    if (isPast) terminal.say('Objects and events are not told of a moment of the past.');
  });
}

const notHealthy = healths.filter((health) => health !== 'Healthy');

/** `portolan events` has more. */
const SHOWN_EVENTS = 15;
