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

/** Every mutation that is written by hand. Reads are open to whoever has a token. */
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
  releaseCredential: { role: 'controller', isCheckedByStore: true },
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

/** Throws ForbiddenError when `actor` may not call `mutation`. */
export function checkPermission(mutation: string, permission: Permission, actor: Actor): void {
  if (permission.isCheckedByStore || actor.role === permission.role) return;
  throw new ForbiddenError(
    `${mutation} is for the role ${permission.role}; ${actor.name} has the role ${actor.role}.`,
    { next: `Use a token of the role ${permission.role}.` },
  );
}
