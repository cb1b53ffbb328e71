import { type Command, Option } from 'commander';
import { ageOf } from '../../lib/age.js';
import type { TokenFullFragment } from '../../sdk/generated/operations.js';
import { renderTable } from '../output/table.js';
import type { Session } from '../session.js';

const roles = ['operator', 'developer', 'controller'] as const;

interface CreateOptions {
  readonly role: (typeof roles)[number];
  readonly project?: readonly string[];
}

/** `portolan token create|list|revoke`: who may use the plane. */
export function addToken(program: Command, session: Session): void {
  const token = program.command('token').description('says who may use the plane: makes, lists and revokes tokens');
  token
    .command('create')
    .argument('<name>', 'who it is for')
    .description('makes a token for somebody and prints it, this once')
    .addOption(new Option('--role <role>', 'what it allows').choices(roles).default('developer'))
    .option('-p, --project <name...>', 'of a developer: where edits are allowed')
    .addHelpText('after', '\nExample:\n  portolan token create ann --role developer --project team-a')
    .action(async (name: string, { role, project = [] }: CreateOptions) => {
      const { sdk } = await session.plane();
      const input = { name, role, projects: [...project] };
      const { createToken } = await sdk.CreateToken({ input }, { signal: session.signal });
      // Alone on standard output, so that a script can keep it.
      session.terminal.say(`Token of ${rightsText(createToken.apiToken)}. It is told this once:`);
      session.terminal.print(createToken.token);
    });
  token
    .command('list')
    .description('lists the tokens, without what they are')
    .action(async () => {
      const { sdk } = await session.plane();
      const { tokens } = await sdk.ListTokens({}, { signal: session.signal });
      const columns = ['NAME', 'ROLE', 'PROJECTS', 'MADE', 'REVOKED', 'ID'].map((header) => ({ header }));
      const age = (at: string | null) => (at === null ? '' : ageOf(at, session.clock.now()));
      const rows = tokens.map(({ id, name, role, projects, createdAt, revokedAt }) =>
        [name, role, projects.join(', '), age(createdAt), age(revokedAt), id].map((text) => ({ text })),
      );
      session.terminal.print(renderTable(columns, rows, session.terminal).join('\n'));
    });
  token
    .command('revoke')
    .argument('<id>', 'of a token, as list prints it')
    .description('makes a token worth nothing, within a minute')
    .action(async (id: string) => {
      const { sdk } = await session.plane();
      const { revokeToken } = await sdk.RevokeToken({ input: { id } }, { signal: session.signal });
      session.terminal.print(`The token of ${rightsText(revokeToken.apiToken)} is revoked.`);
    });
}

function rightsText({ name, role, projects }: TokenFullFragment): string {
  return `${name} (${role}${projects.length > 0 ? ` in ${projects.join(', ')}` : ''})`;
}
