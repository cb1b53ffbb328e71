import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { NotFoundError } from '../../drivers/kubernetes/errors.js';
import { conditionOf, list, record, text } from '../../drivers/kubernetes/object-fields.js';
import { nameOfObject, titleOf } from './object-name.js';

export interface Look {
  readonly driver: KubernetesDriver;
  readonly signal: AbortSignal;
}

/** Titles of all objects of the kind that a definition (CRD) defines: they would go with it. */
export async function objectsOfDefinition(definition: KubernetesObject, look: Look): Promise<readonly string[]> {
  if (conditionOf(definition, 'Established')?.status !== 'True') return [];
  const { group, names, scope, versions } = record(definition.spec);
  const version = list(versions)
    .map(record)
    .find(({ served }) => served !== false);
  const type = {
    apiVersion: `${text(group)}/${text(version?.name)}`,
    kind: text(record(names).kind),
    plural: text(record(names).plural),
    isNamespaced: scope === 'Namespaced',
  };
  const { driver, signal } = look;
  const found = await driver.listMetadata(type, { selector: '', signal }).catch((error: unknown) => {
    // Not served, or not any more: then there are none.
    if (error instanceof NotFoundError) return { objects: [] };
    throw error;
  });
  return found.objects.map((object) => titleOf(nameOfObject({ ...object, ...type })));
}

/** Titles of the volume claims in a namespace. */
export async function claimsIn(namespace: string, { driver, signal }: Look): Promise<readonly string[]> {
  const type = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    isNamespaced: true,
  };
  const { objects } = await driver.listMetadata(type, { selector: '', namespace, signal });
  return objects.map((object) => titleOf(nameOfObject({ ...object, ...type })));
}

/** Why a definition is not deleted while such objects are there, and the way out. */
export function inUseText(definition: KubernetesObject, users: readonly string[]): string {
  const { group, names } = record(definition.spec);
  const shown = users.slice(0, SHOWN).join(', ');
  const more = users.length > SHOWN ? ` and ${users.length - SHOWN} more` : '';
  const those = users.length === 1 ? 'this object, which is' : 'these objects, which are';
  return `${definition.kind}/${definition.metadata.name} is kept, for it would take ${those} not its own: ${shown}${more}. Delete them or move them elsewhere, and it goes by itself. To see them: kubectl get ${text(record(names).plural)}.${text(group)} --all-namespaces`;
}

/** Keeps a sentence readable. */
const SHOWN = 5;
