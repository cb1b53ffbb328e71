import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.js';
import type { Random } from '../lib/random.js';
import type { Actor } from './contract.js';
import type { Database } from './database.js';
import { ApiTokenEntity, PrincipalEntity } from './entities.js';
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
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
}

export function createPrincipals({ database, clock, random }: PrincipalsOptions): Principals {
  const cache = new Map<string, { readonly actor: Actor; readonly untilMs: number }>();

  async function ensureToken(folder: string, role: 'operator' | 'controller'): Promise<string> {
    const token = await ensureFile(join(folder, `${role}.token`));
    const unit = database.fork();
    const hash = hashOfToken(token);
    if (await unit.findOne(ApiTokenEntity, { hash })) return token;
    await unit.upsert(
      PrincipalEntity,
      { id: random.uuid(), name: role, role },
      { onConflictFields: ['name'], onConflictAction: 'ignore' },
    );
    const principal = await unit.findOneOrFail(PrincipalEntity, { name: role });
    await unit.upsert(
      ApiTokenEntity,
      { id: random.uuid(), principal, hash },
      { onConflictFields: ['hash'], onConflictAction: 'ignore' },
    );
    return token;
  }

  return {
    async bootstrapTokens(folder) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return { operator: await ensureToken(folder, 'operator'), controller: await ensureToken(folder, 'controller') };
    },
    async authenticate(token) {
      const hash = hashOfToken(token);
      const key = hash.toString('base64');
      const cached = cache.get(key);
      if (cached && cached.untilMs > clock.now()) return cached.actor;
      cache.delete(key);
      const [found] = await database.query(findActor, [hash]);
      if (!found) return null;
      const { projectIds, ...known } = found;
      const actor: Actor = known.role === 'developer' ? { ...known, projectIds } : known;
      const [oldest] = cache.size < CACHE_SIZE ? [] : cache.keys();
      if (oldest !== undefined) cache.delete(oldest);
      cache.set(key, { actor, untilMs: clock.now() + CACHE_MS });
      return actor;
    },
  };
}

const TOKEN_BYTES = 32;
/** Only tokens that are known are kept, so strangers cannot push them out. */
const CACHE_SIZE = 1000;
const CACHE_MS = 60_000;

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
  return createHash('sha256').update(token).digest();
}
