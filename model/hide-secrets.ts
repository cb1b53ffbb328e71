import { isJsonObject, type Json } from '../lib/canonical.js';
import { hiddenValue } from '../lib/field-difference.js';
import { isSecretReference } from '../lib/kind.js';

/** Stands for a secret that got another value. */
const changedValue = '(changed)';

/**
 * The value with its secret references hidden. A secret is the same when its reference is; where `before` has another
 * one at that place, it has changed.
 */
export function hideSecrets(value: Json, before: Json | undefined): Json {
  if (isSecretReference(value)) {
    const isOther =
      isSecretReference(before) &&
      (before.$secret.id !== value.$secret.id || before.$secret.version !== value.$secret.version);
    return isOther ? changedValue : hiddenValue;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => hideSecrets(item, Array.isArray(before) ? before[index] : undefined));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      hideSecrets(item, isJsonObject(before) ? before[key] : undefined),
    ]),
  );
}
