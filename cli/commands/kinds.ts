import type { Command } from 'commander';
import { renderTable } from '../output/table.js';
import type { Session } from '../session.js';

/** `portolan kinds`. */
export function addKinds(program: Command, session: Session): void {
  program
    .command('kinds')
    .description('lists the kinds that the plane knows')
    .action(async () => {
      const kinds = await (await session.plane()).kinds();
      const columns = [
        { header: 'KIND' },
        { header: 'PLURAL' },
        { header: 'UNIQUE IN' },
        { header: 'MADE BY' },
        { header: 'WHAT IT IS' },
      ];
      const rows = kinds.map((kind) => [
        { text: kind.name },
        { text: kind.plural.toLowerCase() },
        { text: kind.scope },
        { text: kind.isMadeByUser ? 'you' : 'portolan' },
        { text: kind.docs },
      ]);
      session.terminal.print(renderTable(columns, rows, session.terminal).join('\n'));
    });
}
