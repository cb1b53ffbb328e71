import type { Actor, Role } from '../db/contract.js';
import { ForbiddenError } from '../lib/errors.js';
import type { KindRegistry } from '../lib/kind.js';
import { isMadeByPeople } from '../schema/derive/derive-kind.js';

export interface Permission {
  /** Who may call it. What a developer may write, and where, the store decides. */
  readonly roles: readonly Role[];
  /** The store refuses by itself, since every refusal must be recorded. */
  readonly isCheckedByStore?: boolean;
}

const operators: readonly Role[] = ['operator'];
const people: readonly Role[] = ['operator', 'developer'];
const controllers: readonly Role[] = ['controller'];

/** Every mutation that is written by hand. Reads are open to whoever has a token, but for `guardedReads`. */
const written: Readonly<Record<string, Permission>> = {
  apply: { roles: people },
  deploy: { roles: people },
  adopt: { roles: operators },
  createToken: { roles: operators },
  revokeToken: { roles: operators },
  registerController: { roles: controllers },
  acquireLeases: { roles: controllers },
  renewLeases: { roles: controllers },
  releaseLeases: { roles: controllers },
  reportStatus: { roles: controllers },
  reportObjects: { roles: controllers },
  recordEvents: { roles: controllers },
  report: { roles: controllers },
  recordAttempt: { roles: controllers },
  beginIntent: { roles: controllers },
  resolveIntent: { roles: controllers },
  finalize: { roles: controllers },
  storeSecret: { roles: controllers },
  answerProbe: { roles: controllers },
  releaseCredential: { roles: controllers, isCheckedByStore: true },
};

/** Reads of the outside and of what would be, by type and field. A field that is not there fails the build. */
export const guardedReads: Readonly<Record<string, Permission>> = {
  'Query.logs': { roles: people },
  'Subscription.logs': { roles: people },
  'Query.objectPlan': { roles: people },
  'Query.plan': { roles: people },
  'Query.adoption': { roles: operators },
  'Object.live': { roles: people },
  'Query.tokens': { roles: operators },
  'Subscription.probes': { roles: controllers },
};

/** By the name of the mutation, those of derived kinds included. A mutation that is missing here fails the build. */
export function permissions(registry: KindRegistry): ReadonlyMap<string, Permission> {
  const derived = registry.kinds.filter(isMadeByPeople).flatMap((kind) => {
    const roles = kind.audience === 'platform' ? operators : people;
    return ['create', 'update', 'delete'].map((verb) => [`${verb}${kind.name}`, { roles }] as const);
  });
  return new Map<string, Permission>([...Object.entries(written), ...derived]);
}

/** Throws ForbiddenError when `actor` may not call the field of that name. */
export function checkPermission(field: string, { roles, isCheckedByStore }: Permission, actor: Actor): void {
  if (isCheckedByStore || roles.includes(actor.role)) return;
  const wanted = roles.join(' or ');
  throw new ForbiddenError(`${field} is for the role ${wanted}; ${actor.name} has the role ${actor.role}.`, {
    next: `Use a token of the role ${wanted}.`,
  });
}

/** A developer asks the outside about what is in projects of their own. Throws ForbiddenError. */
export function checkReach(actor: Actor, { kind, name, projectId }: Reached): void {
  if (actor.role !== 'developer') return;
  if (projectId && actor.projectIds?.includes(projectId)) return;
  throw new ForbiddenError(
    `${kind} ${name ?? ''} is in no project of ${actor.name}: what it has outside is shown to operators and to developers of its project.`,
  );
}

interface Reached {
  readonly kind: string;
  readonly name?: string;
  readonly projectId?: string | null;
}
