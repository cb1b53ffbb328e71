import { randomBytes } from 'node:crypto';
import { BadInputError, ConflictError, NotFoundError } from '../lib/errors.js';
import { withArticle } from '../lib/names.js';
import type { Random } from '../lib/random.js';
import { isLayer } from '../model/layer-name.js';
import type { Actor, Role } from './contract.js';
import type { Database, Transaction } from './database.js';
import { hashOfToken } from './principals.js';
import { statement } from './statement.js';

/** A token as it can be shown: never itself. */
export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Names of the projects of a developer; empty for other roles. */
  readonly projects: readonly string[];
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  readonly projects: readonly string[];
}

export interface Tokens {
  /**
   * A token for the principal of that name, who is made if it is not there. The answer is the only time that it is told.
   * Throws BadInputError, NotFoundError for a project, and ConflictError when that principal is somebody else.
   */
  create(input: NewToken, actor: Actor): Promise<{ readonly token: string; readonly row: TokenRow }>;
  /** The newest first, the revoked ones included. */
  list(): Promise<readonly TokenRow[]>;
  /** It is valid for another minute at most. Throws NotFoundError, and ConflictError for the last one of an operator. */
  revoke(id: string, actor: Actor): Promise<TokenRow>;
}

export function createTokens({ database, random }: { readonly database: Database; readonly random: Random }): Tokens {
  const rowOf = async (transaction: Transaction, id: string): Promise<TokenRow> => {
    const [row] = await transaction.query(readToken, [id]);
    if (!row) throw new NotFoundError(`There is no token ${id}.`, { path: ['id'] });
    return row;
  };
  return {
    create: (input, actor) =>
      database.transaction(async (transaction) => {
        checkNewToken(input);
        const projectIds = await findProjects(transaction, input.projects);
        const principalId = await ensurePrincipal(transaction, input, projectIds, random);
        const token = randomBytes(TOKEN_BYTES).toString('base64url');
        const id = random.uuid();
        await transaction.query(writeToken, [id, principalId, hashOfToken(token)]);
        await transaction.query(writeAudit, [actor.name, 'createToken', `${id} of ${input.name} (${input.role})`]);
        return { token, row: await rowOf(transaction, id) };
      }),
    list: () => database.query(listTokens, [MOST]),
    revoke: (id, actor) =>
      database.transaction(async (transaction) => {
        await transaction.query(lockOperators);
        const row = await rowOf(transaction, id);
        const [others] = await transaction.query(countOthers, [id]);
        if (row.role === 'operator' && row.revokedAt === null && others?.count === 0) {
          throw new ConflictError(`This is the last token of an operator: nobody could make another one.`, {
            next: 'portolan token create NAME --role operator',
          });
        }
        await transaction.query(revokeToken, [id]);
        await transaction.query(writeAudit, [actor.name, 'revokeToken', `${id} of ${row.name}`]);
        return rowOf(transaction, id);
      }),
  };
}

const TOKEN_BYTES = 32;
/** A longer list helps nobody. */
const MOST = 1000;

function checkNewToken({ name, role, projects }: NewToken): void {
  if (!/^[\w.:@/-]{1,100}$/.test(name) || isLayer(name)) {
    throw new BadInputError(
      `"${name}" cannot be the name of somebody: 1 to 100 letters, digits and . : @ / _ -, and not of a layer.`,
      { path: ['name'] },
    );
  }
  if (role === 'developer' && projects.length === 0) {
    throw new BadInputError(`A developer needs a project at least: where ${name} may edit.`, {
      path: ['projects'],
      next: `portolan token create ${name} --role developer --project NAME`,
    });
  }
  if (role !== 'developer' && projects.length > 0) {
    throw new BadInputError(`The role ${role} is not bound to projects. Leave them out.`, { path: ['projects'] });
  }
}

async function findProjects(transaction: Transaction, names: readonly string[]): Promise<readonly string[]> {
  const unique = [...new Set(names)];
  const found = unique.length === 0 ? [] : await transaction.query(listProjects, [unique]);
  const missing = unique.find((name) => !found.some((project) => project.name === name));
  if (missing !== undefined) throw new NotFoundError(`There is no Project called ${missing}.`, { path: ['projects'] });
  return found.map(({ id }) => id).sort();
}

async function ensurePrincipal(
  transaction: Transaction,
  { name, role }: NewToken,
  projectIds: readonly string[],
  random: Random,
): Promise<string> {
  await transaction.query(writePrincipal, [random.uuid(), name, role, [...projectIds]]);
  const [principal] = await transaction.query(findPrincipal, [name]);
  if (!principal) throw new Error(`The principal ${name} went away.`);
  const isSame = principal.role === role && [...principal.projectIds].sort().join() === projectIds.join();
  if (isSame) return principal.id;
  throw new ConflictError(
    `There is ${withArticle(principal.role)} called ${name} already, with other rights than these. Choose another name.`,
    { path: ['name'] },
  );
}

const tokenColumns = `t.id, p.name, p.role,
  array(select r.name from resource r where r.id = any(p.project_ids) order by r.name) as projects,
  t.created_at as "createdAt", t.revoked_at as "revokedAt"`;

const readToken = statement<TokenRow>(
  'tokens.read',
  `select ${tokenColumns} from api_token t join principal p on p.id = t.principal_id where t.id = $1`,
);
const listTokens = statement<TokenRow>(
  'tokens.list',
  `select ${tokenColumns} from api_token t join principal p on p.id = t.principal_id
   order by t.created_at desc, t.id limit $1`,
);
const writeToken = statement('tokens.write', 'insert into api_token (id, principal_id, hash) values ($1, $2, $3)');
const revokeToken = statement(
  'tokens.revoke',
  'update api_token set revoked_at = coalesce(revoked_at, now()) where id = $1',
);
const countOthers = statement<{ count: number }>(
  'tokens.count-other-operators',
  `select count(*)::int as count from api_token t join principal p on p.id = t.principal_id
   where p.role = 'operator' and t.revoked_at is null and t.id <> $1`,
);
// Of two that revoke the last two at the same moment, the second sees the first.
const lockOperators = statement('tokens.lock-operators', `select id from principal where role = 'operator' for update`);
const listProjects = statement<{ id: string; name: string }>(
  'tokens.list-projects',
  `select id, name from resource where kind = 'Project' and name = any($1) and deletion_requested_at is null`,
);
const writePrincipal = statement(
  'tokens.write-principal',
  'insert into principal (id, name, role, project_ids) values ($1, $2, $3, $4) on conflict (name) do nothing',
);
const findPrincipal = statement<{ id: string; role: Role; projectIds: string[] }>(
  'tokens.find-principal',
  'select id, role, project_ids as "projectIds" from principal where name = $1 for update',
);
const writeAudit = statement(
  'tokens.audit',
  'insert into audit (actor, action, is_allowed, detail) values ($1, $2, true, $3)',
);
