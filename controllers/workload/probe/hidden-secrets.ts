import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, type JsonObject } from '../../../lib/canonical.js';
import { hiddenValue } from '../../../lib/field-difference.js';
import { isSecret } from '../../../model/manifests.js';

/** An object as it may be shown: without secret values, without the copy that kubectl keeps, without who set what. */
export function withHiddenSecrets({ metadata, ...object }: KubernetesObject): JsonObject {
  const { managedFields: _managedFields, annotations, ...others } = metadata;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _copy, ...notes } = annotations ?? {};
  const shown = { ...object, metadata: { ...others, ...(annotations && { annotations: notes }) } };
  const json = shown as unknown as JsonObject;
  if (!isSecret(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([field, value]) => [
      field,
      /^(data|stringData)$/.test(field) && isJsonObject(value) ? hidden(value) : value,
    ]),
  );
}

function hidden(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(data).map((key) => [key, hiddenValue]));
}
