import type { Command } from 'commander';
import type { Session } from '../session.js';

/** `portolan ui`: where the page is, with what lets one in. */
export function addUi(program: Command, session: Session): void {
  program
    .command('ui')
    .description('prints a link to the live chart that brings your token along')
    .action(async () => {
      const { url, token } = await session.plane();
      // Behind the #, which no server is sent; the page takes it out of the address.
      session.terminal.print(`${new URL('/ui/', url)}#token=${encodeURIComponent(token)}`);
      session.terminal.say('Whoever has this link may do what you may: keep it to yourself.');
    });
}
