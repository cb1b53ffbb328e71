import { hash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.js';
import type { Random } from '../lib/random.js';
import type { Actor } from './contract.js';
import type { PostgresDatabase } from './database.js';
import { statement } from './statement.js';

export interface Principals {
  /**
   * Gives every data folder its operator.token and controller.token (mode 0600) and the database their principals.
   * Files that are there are kept, and made known to this database if they are not.
   */
  bootstrapTokens(folder: string): Promise<{ readonly operator: string; readonly controller: string }>;
  /** Who owns the token; null when nobody does. A revoked token may work for another minute. */
  authenticate(token: string): Promise<Actor | null>;
}

export interface PrincipalsOptions {
  readonly database: PostgresDatabase;
  readonly clock: Clock;
  readonly random: Random;
}

export function createPrincipals({ database, clock, random }: PrincipalsOptions): Principals {
  const cache = new Map<string, { readonly actor: Actor; readonly untilMs: number }>();
  const asking = new Map<string, Promise<Actor | null>>();

  async function ensureToken(folder: string, role: 'operator' | 'controller'): Promise<string> {
    const token = await ensureFile(join(folder, `${role}.token`));
    const hashed = hashOfToken(token);
    if ((await database.query(findToken, [hashed])).length > 0) return token;
    const [{ ApiTokenEntity, PrincipalEntity }, orm] = await Promise.all([import('./entities.js'), database.orm()]);
    const unit = orm.em.fork();
    await unit.upsert(
      PrincipalEntity,
      { id: random.uuid(), name: role, role },
      { onConflictFields: ['name'], onConflictAction: 'ignore' },
    );
    const principal = await unit.findOneOrFail(PrincipalEntity, { name: role });
    await unit.upsert(
      ApiTokenEntity,
      { id: random.uuid(), principal, hash: hashed },
      { onConflictFields: ['hash'], onConflictAction: 'ignore' },
    );
    return token;
  }

  async function find(hashed: Buffer, key: string): Promise<Actor | null> {
    cache.delete(key);
    const [found] = await database.query(findActor, [hashed]);
    if (!found) return null;
    const { projectIds, ...known } = found;
    const actor: Actor = known.role === 'developer' ? { ...known, projectIds } : known;
    const [oldest] = cache.size < CACHE_SIZE ? [] : cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
    cache.set(key, { actor, untilMs: clock.now() + CACHE_MS });
    return actor;
  }

  return {
    async bootstrapTokens(folder) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return { operator: await ensureToken(folder, 'operator'), controller: await ensureToken(folder, 'controller') };
    },
    async authenticate(token) {
      const hashed = hashOfToken(token);
      const key = hashed.toString('base64');
      const cached = cache.get(key);
      if (cached && cached.untilMs > clock.now()) return cached.actor;
      // Thousands may come with one token at once, when another server has died.
      const asked = asking.get(key) ?? find(hashed, key).finally(() => asking.delete(key));
      asking.set(key, asked);
      return asked;
    },
  };
}

const TOKEN_BYTES = 32;
/** Only tokens that are known are kept, so strangers cannot push them out. */
const CACHE_SIZE = 1000;
const CACHE_MS = 60_000;

const findToken = statement<{ id: string }>('principals.find-token', 'select id from api_token where hash = $1');
const findActor = statement<Actor & { readonly projectIds: readonly string[] }>(
  'principals.authenticate',
  `select p.id as "principalId", p.name, p.role, p.project_ids as "projectIds" from api_token t join principal p on p.id = t.principal_id
   where t.hash = $1 and t.revoked_at is null`,
);

async function ensureFile(file: string): Promise<string> {
  const made = randomBytes(TOKEN_BYTES).toString('base64url');
  await writeFile(file, `${made}\n`, { flag: 'wx', mode: 0o600 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const token = (await readFile(file, 'utf8')).trim();
  if (token.length >= TOKEN_BYTES) return token;
  throw new Error(`${file} does not hold a token. Remove it; the next start makes a new one.`);
}

/** Under which a token is stored. */
export function hashOfToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
