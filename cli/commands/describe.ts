import type { Command } from 'commander';
import { healths } from '../../lib/health.js';
import type { ListEventsQueryVariables } from '../../sdk/generated/operations.js';
import { colourOfHealth, paint } from '../output/colour.js';
import { type DescribedResource, describeText } from '../output/describe-text.js';
import { tellingEvents } from '../output/telling-events.js';
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
    const newest = async (filter: NonNullable<ListEventsQueryVariables['filter']>) =>
      isPast ? [] : (await sdk.ListEvents({ filter: { ...whole, ...filter }, first: SHOWN_EVENTS }, call)).events.nodes;
    const [{ node }, troubled, drifted, warnings, own, all] = await Promise.all([
      sdk.DescribeResource({ id: row.id, asOf: place.asOf ?? null }, call),
      isPast ? null : sdk.FindObjects({ filter: { ...whole, health: [...notHealthy] } }, call),
      isPast ? null : sdk.FindObjects({ filter: { ...whole, isDrifted: true } }, call),
      newest({ type: 'Warning' }),
      newest({ isOfCluster: false }),
      newest({}),
    ]);
    if (!node || !('kind' in node)) return;
    const resource: DescribedResource = node;
    const { terminal, clock } = session;
    const paintHealth = (health: string) => paint(health, colourOfHealth(health), terminal.hasColour);
    const around = {
      troubled: troubled?.objects.nodes ?? [],
      drifted: drifted?.objects.nodes ?? [],
      events: tellingEvents({ warnings, own, all }, SHOWN_EVENTS),
    };
    const nowMs = timeOfMoment(place.asOf, clock.now());
    terminal.print(describeText(resource, around, { terminal, paintHealth, nowMs }).join('\n'));
    if (isPast) terminal.say('Objects and events are not told of a moment of the past.');
  });
}

const notHealthy = healths.filter((health) => health !== 'Healthy');

/** A screen of those that say most. `portolan events` has all. */
const SHOWN_EVENTS = 15;
