import type { Command } from 'commander';
import type { Session } from '../session.js';

/** `portolan version`: of this program, and of the plane when one answers. */
export function addVersion(program: Command, session: Session, ownVersion: string): void {
  program
    .command('version')
    .description('says the versions of this program and of the plane')
    .action(async () => {
      session.terminal.print(`portolan ${ownVersion}`);
      try {
        const { sdk, url } = await session.plane();
        const { plane } = await sdk.GetPlane({}, { signal: session.signal });
        session.terminal.print(`plane    ${plane.version} at ${url}`);
      } catch {
        // The question was about versions: that no plane answers is an answer.
        session.terminal.print('plane    none answers');
      }
    });
}
