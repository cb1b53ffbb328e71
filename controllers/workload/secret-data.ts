import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import type { SecretReference } from '../../lib/kind.js';
import { isSecret } from '../../model/manifests.js';
import { listSecretReferences, resolveSecrets } from '../../model/secrets.js';

/** Whether secret values must be had before the object can be applied. */
export function needsSecrets(object: KubernetesObject): boolean {
  return listSecretReferences(object).length > 0;
}

/**
 * The object with its secret values in place. stringData becomes data, for the API server never gives it back.
 * Throws when `plaintextOf` does not know a value.
 */
export function withSecretValues(
  object: KubernetesObject,
  plaintextOf: (reference: SecretReference) => string | null,
): KubernetesObject {
  return encodeStringData(resolveSecrets(object, plaintextOf));
}

/** Stands for a secret value when objects are compared: it is equal to whatever is there. */
export const anySecret = '\u0000any';

/** The object with `anySecret` in the place of each secret value. */
export function withAnySecrets(object: KubernetesObject): KubernetesObject {
  const resolved = resolveSecrets(object, () => anySecret);
  return encodeStringData(resolved, (text) => (text === anySecret ? anySecret : toBase64(text)));
}

function encodeStringData(object: KubernetesObject, encode: (text: string) => string = toBase64): KubernetesObject {
  const json = object as unknown as JsonObject;
  if (!isSecret(json) || !isJsonObject(json.stringData)) return object;
  const { stringData, ...rest } = json;
  const encoded = Object.entries(json.stringData).map(([key, value]) => [key, encode(String(value))]);
  const data = isJsonObject(json.data) ? json.data : {};
  return { ...rest, data: { ...data, ...Object.fromEntries(encoded) } } as unknown as KubernetesObject;
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
