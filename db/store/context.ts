import { BadInputError, ConflictError } from '../../lib/errors.js';
import type { KindDefinition, KindRegistry } from '../../lib/kind.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { Expanders } from '../../model/expand/expanders.js';
import type { SpecValidator } from '../../model/validate.js';
import type { Cipher } from '../cipher.js';
import type { Database, Transaction } from '../database.js';
import { codeOf } from '../failure.js';
import type { KnownPlaces } from './known-places.js';

/** What the verbs of the store share. */
export interface StoreContext {
  readonly database: Database;
  readonly registry: KindRegistry;
  readonly validator: SpecValidator;
  readonly expanders: Expanders;
  readonly cipher: Cipher;
  readonly places: KnownPlaces;
  readonly random: Random;
  readonly incarnation: string;
  readonly log: Log;
  /** Told after each commit that appended revisions. */
  wake(): void;
}

/** Thrown within a transaction that lost against another one; never seen outside. */
export class MovedOnError extends Error {
  override readonly name = 'MovedOnError';
}

/**
 * One transaction of a verb, begun again when it lost against another: a deadlock, or a name or key that somebody else
 * took first, which the next attempt then sees.
 */
export async function inTransaction<Result>(
  context: StoreContext,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await context.database.transaction(work);
    } catch (error) {
      if (UNSTORABLE.has(codeOf(error) ?? '')) throw unstorable(error);
      if (attempt === ATTEMPTS || !isWorthRetrying(error)) throw error;
      context.log.debug('A transaction lost against another and is tried again', { attempt, code: codeOf(error) });
    }
  }
}

/** The reads of a verb that writes nothing, all of the same moment. */
export async function inSnapshot<Result>(
  context: StoreContext,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  try {
    return await context.database.snapshot(work);
  } catch (error) {
    throw UNSTORABLE.has(codeOf(error) ?? '') ? unstorable(error) : error;
  }
}

export function kindOf(context: StoreContext, name: string): KindDefinition {
  const kind = context.registry.find(name);
  if (!kind) throw new BadInputError(`There is no kind ${name}. See: portolan explain`);
  return kind;
}

/** Name of the constraint that a statement violated; null for other errors. */
export function violatedConstraint(error: unknown): string | null {
  return error instanceof Error && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : null;
}

/** Each attempt sees what won before, so a few are enough; more would hide a defect. */
const ATTEMPTS = 8;

/** untranslatable_character, invalid_text_representation */
const UNSTORABLE = new Set(['22P05', '22P02']);

function unstorable(cause: unknown): BadInputError {
  return new BadInputError(
    'The input holds text that cannot be stored: a NUL character (\\u0000) or half of a surrogate pair. Remove it.',
    {},
    { cause },
  );
}

/** serialization_failure, deadlock_detected, lock_not_available */
const LOST = new Set(['40001', '40P01', '55P03']);
const RACES = new Set([
  'resource_name_is_unique_in_scope',
  'idempotency_pkey',
  'release_app_id_number_key',
  'secret_value_pkey',
  // Told as a conflict with this as its cause: who wins is seen by the next attempt, and may be what was asked for.
  'resource_default_runtime',
  'resource_default_account',
]);

function isWorthRetrying(error: unknown): boolean {
  if (error instanceof MovedOnError || LOST.has(codeOf(error) ?? '')) return true;
  const cause = error instanceof ConflictError ? error.cause : error;
  return RACES.has(violatedConstraint(cause) ?? '');
}
