import type { Command } from 'commander';
import { UnreachableError } from '../errors.js';
import { findPlane } from '../process/plane-file.js';
import { planeLogPath } from '../process/plane-process.js';
import type { Session } from '../session.js';

/** `portolan status`: the plane that is used, and how its app instances are. */
export function addStatus(program: Command, session: Session): void {
  program
    .command('status')
    .description('says which plane is used, whether it answers, and how its app instances are')
    .action(async () => {
      const { config, terminal, signal } = session;
      const local = config.url === null ? await findPlane(config.home) : null;
      if (config.url === null && !local) {
        throw new UnreachableError(`No plane runs here (${config.home}).`, { next: 'Start one with: portolan up' });
      }
      const { sdk, url } = await session.plane();
      const { plane, me } = await sdk.GetPlane({}, { signal });
      const { resources } = await sdk.CountResources({ filter: { kinds: ['AppInstance'] } }, { signal });
      const counts = resources.countsByHealth
        .filter(({ count }) => count > 0)
        .map(({ health, count }) => `${count} ${health}`);
      const facts: readonly (readonly [string, string])[] = [
        ['Address', url],
        ['Version', plane.version],
        ['Logged in as', `${me.name} (${me.role}${me.projects.length > 0 ? ` in ${me.projects.join(', ')}` : ''})`],
        ['App instances', counts.length === 0 ? 'none' : counts.join(', ')],
        ...(local
          ? ([
              ['Process', String(local.pid)],
              ['Data', config.home],
              ['Log', planeLogPath(config.home)],
            ] as const)
          : []),
        ['Incarnation', plane.incarnation],
      ];
      terminal.print(facts.map(([name, value]) => `${`${name}:`.padEnd(15)} ${value}`).join('\n'));
    });
}
