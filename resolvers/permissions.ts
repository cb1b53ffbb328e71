import type { Actor } from '../db/contract.js';
import { ForbiddenError } from '../lib/errors.js';
import type { KindRegistry } from '../lib/kind.js';
import { isMadeByPeople } from '../schema/derive/derive-kind.js';

type Role = Actor['role'];

export interface Permission {
  /** Who may call it. */
  readonly role: Role;
  /** The store refuses by itself, since every refusal must be recorded. */
  readonly isCheckedByStore?: boolean;
}

/** Every mutation that is written by hand. Reads are open to whoever has a token, but for `guardedReads`. */
const written: Readonly<Record<string, Permission>> = {
  apply: { role: 'operator' },
  deploy: { role: 'operator' },
  registerController: { role: 'controller' },
  acquireLeases: { role: 'controller' },
  renewLeases: { role: 'controller' },
  releaseLeases: { role: 'controller' },
  reportStatus: { role: 'controller' },
  reportObjects: { role: 'controller' },
  recordEvents: { role: 'controller' },
  recordAttempt: { role: 'controller' },
  beginIntent: { role: 'controller' },
  resolveIntent: { role: 'controller' },
  finalize: { role: 'controller' },
  storeSecret: { role: 'controller' },
  answerProbe: { role: 'controller' },
  releaseCredential: { role: 'controller', isCheckedByStore: true },
};

/** Reads of the outside and of what would be, by type and field. A field that is not there fails the build. */
export const guardedReads: Readonly<Record<string, Permission>> = {
  'Query.logs': { role: 'operator' },
  'Subscription.logs': { role: 'operator' },
  'Query.objectPlan': { role: 'operator' },
  'Query.plan': { role: 'operator' },
  'Object.live': { role: 'operator' },
  'Subscription.probes': { role: 'controller' },
};

/** By the name of the mutation, those of derived kinds included. A mutation that is missing here fails the build. */
export function permissions(registry: KindRegistry): ReadonlyMap<string, Permission> {
  const derived = registry.kinds
    .filter(isMadeByPeople)
    .flatMap((kind) =>
      ['create', 'update', 'delete'].map((verb) => [`${verb}${kind.name}`, { role: 'operator' }] as const),
    );
  return new Map<string, Permission>([...Object.entries(written), ...derived]);
}

/** Throws ForbiddenError when `actor` may not call the field of that name. */
export function checkPermission(field: string, permission: Permission, actor: Actor): void {
  if (permission.isCheckedByStore || actor.role === permission.role) return;
  throw new ForbiddenError(`${field} is for the role ${permission.role}; ${actor.name} has the role ${actor.role}.`, {
    next: `Use a token of the role ${permission.role}.`,
  });
}
