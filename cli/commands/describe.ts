import type { Command } from 'commander';
import { matchKind } from '../kinds/match-kind.js';
import { colourOfHealth, paint } from '../output/colour.js';
import { type DescribedResource, describeText } from '../output/describe-text.js';
import { findResource } from '../resources/find-resource.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace } from './options.js';

/** `portolan describe KIND NAME`. */
export function addDescribe(program: Command, session: Session): void {
  const command = program
    .command('describe')
    .argument('<kind>', 'a kind, or the beginning of it')
    .argument('<name>', 'the name, or the id')
    .description('shows all about a resource: spec, who set what, conditions, objects, events');
  withPlace(command).action(async (word: string, name: string, options: PlaceOptions) => {
    const plane = await session.plane();
    const kind = matchKind(word, await plane.kinds());
    const row = await findResource(session, kind, name, placeOf(options));
    const { node } = await plane.sdk.DescribeResource({ id: row.id }, { signal: session.signal });
    if (!node || !('kind' in node)) return;
    const resource: DescribedResource = node;
    const { terminal, clock } = session;
    const paintHealth = (health: string) => paint(health, colourOfHealth(health), terminal.hasColour);
    terminal.print(describeText(resource, { terminal, paintHealth, nowMs: clock.now() }).join('\n'));
  });
}
