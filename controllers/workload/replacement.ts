import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { holdsData } from '../../model/holds-data.js';
import type { ObjectPolicy } from '../../schema/kinds/object-policy.js';
import { findDifferences } from './drift/differences.js';

/** What to do about fields that cannot be changed in an object that is there. */
export type Replacement =
  /** It is deleted and made again. `message` says why. */
  | { readonly isAllowed: true; readonly message: string }
  /** It stays as it is. `message` names the field and the way out. */
  | { readonly isAllowed: false; readonly message: string };

/**
 * Whether policy lets an object be replaced because `fields`, as the API server names them, cannot be changed. What
 * holds data is never replaced. Pure.
 */
export function replacementOf(
  policy: ObjectPolicy | undefined,
  desired: KubernetesObject,
  live: KubernetesObject,
  fields: readonly string[],
): Replacement {
  const { kind } = desired;
  const named = namedFields(fields, desired, live).join(', ');
  const cannot = `${named} cannot be changed in the ${kind} that is there`;
  if (holdsData.has(kind)) {
    const orphan = kind === 'StatefulSet' ? ` ${orphanWords(live)}` : '';
    return {
      isAllowed: false,
      message: `${cannot}, and it is never deleted for that, because it holds data. Change the field back, or give yours another name and move the data.${orphan}`,
    };
  }
  const allowed = policy?.replace ?? replacedByDefault;
  if (allowed.includes(kind)) return { isAllowed: true, message: `${cannot}, so it is deleted and made again.` };
  return {
    isAllowed: false,
    message: `${cannot}. Change the field back, give yours another name, or list ${kind} in policy.replace, and it is deleted and made again.`,
  };
}

/** Jobs are made to be run anew. */
const replacedByDefault = ['Job'];

function orphanWords({ metadata }: KubernetesObject): string {
  const command = `kubectl delete statefulset ${metadata.name} --namespace ${metadata.namespace} --cascade=orphan`;
  return `Or delete it without its pods and claims, and it is made again around them: ${command}`;
}

/** Of some kinds the API server only says that `spec` cannot be changed: then the fields that differ are named. */
function namedFields(fields: readonly string[], desired: KubernetesObject, live: KubernetesObject): readonly string[] {
  return fields.flatMap((field) => {
    if (field !== 'spec') return [field];
    const mutable = mutableFields[desired.kind] ?? [];
    const changed = findDifferences(desired, live)
      .map(({ path }) => /^spec\.([^.[]+)/.exec(path)?.[1] ?? '')
      .filter((name) => name !== '' && !mutable.includes(name));
    return changed.length > 0 ? [...new Set(changed)].map((name) => `spec.${name}`) : [field];
  });
}

/** Fields of a spec that can be changed although the others cannot. */
const mutableFields: Readonly<Record<string, readonly string[]>> = {
  StatefulSet: [
    'replicas',
    'ordinals',
    'template',
    'updateStrategy',
    'revisionHistoryLimit',
    'persistentVolumeClaimRetentionPolicy',
    'minReadySeconds',
  ],
  PersistentVolumeClaim: ['volumeAttributesClassName'],
  Pod: ['activeDeadlineSeconds', 'terminationGracePeriodSeconds', 'tolerations'],
};
