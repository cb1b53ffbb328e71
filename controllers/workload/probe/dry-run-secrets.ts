import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, isSameJson, type Json, type JsonObject } from '../../../lib/canonical.js';
import { type FieldDifference, hiddenValue } from '../../../lib/field-difference.js';
import { isSecretReference, type SecretReference } from '../../../lib/kind.js';
import { isSecret } from '../../../model/manifests.js';

/**
 * Values to send in a dry run in the place of secret ones, which are not released for that: what the cluster has at the
 * same place, or a stand-in. So a value is only seen to change by its reference: see changedSecrets.
 */
export function standInSecrets(
  desired: KubernetesObject,
  live: KubernetesObject | null,
): (reference: SecretReference) => string {
  const values = new Map(
    referencesOf(desired).map(({ field, key, reference }) => {
      const known = dataOf(live)[key];
      const encoded = typeof known === 'string' ? known : STAND_IN;
      const value = field === 'data' ? encoded : Buffer.from(encoded, 'base64').toString('utf8');
      return [idOf(reference), value] as const;
    }),
  );
  return (reference) => values.get(idOf(reference)) ?? STAND_IN;
}

/** Values of a Secret that are others than before: another secret, or another version. `before`: null when it is new. */
export function changedSecrets(desired: KubernetesObject, before: KubernetesObject | null): readonly FieldDifference[] {
  const known = new Map(before ? referencesOf(before).map(({ key, reference }) => [key, reference] as const) : []);
  return referencesOf(desired).flatMap(({ key, reference }): readonly FieldDifference[] => {
    const last = known.get(key);
    if (!last || isSameJson(last, reference)) return [];
    return [{ path: `data.${key}`, desired: hiddenValue, live: hiddenValue, manager: null, at: null }];
  });
}

/** Valid as text and as base64. */
const STAND_IN = 'aGlkZGVu';

interface Found {
  readonly field: 'data' | 'stringData';
  readonly key: string;
  readonly reference: SecretReference;
}

function referencesOf(object: KubernetesObject): readonly Found[] {
  const json = object as unknown as JsonObject;
  if (!isSecret(json)) return [];
  return (['data', 'stringData'] as const).flatMap((field) => {
    const data: Json | undefined = json[field];
    if (!isJsonObject(data)) return [];
    return Object.entries(data).flatMap(([key, value]) =>
      isSecretReference(value) ? [{ field, key, reference: value }] : [],
    );
  });
}

function dataOf(object: KubernetesObject | null): JsonObject {
  const { data } = (object ?? {}) as { data?: Json };
  return isJsonObject(data) ? data : {};
}

const idOf = ({ $secret }: SecretReference): string => `${$secret.id}/${$secret.version}`;
