import { isJsonObject } from '../../lib/canonical.js';
import { type KindRegistry, mark } from '../../lib/kind.js';

/** What is known of the outputs of a kind before there is any. */
export interface KnownOutputs {
  /** Those that it may give. Open: it may give others as well. */
  readonly names: readonly string[];
  readonly isOpen: boolean;
  /** Whether nobody may read it. null: it is not known before it is there. */
  isSecret(output: string): boolean | null;
}

export function knownOutputsOf(registry: KindRegistry, kindName: string): KnownOutputs {
  const schema: unknown = registry.find(kindName)?.outputs ?? {};
  const properties = isJsonObject(schema) && isJsonObject(schema.properties) ? schema.properties : {};
  const additional = isJsonObject(schema) ? schema.additionalProperties : false;
  const isMarked = (node: unknown) => isJsonObject(node) && node['x-portolan'] === mark.secret['x-portolan'];
  return {
    names: Object.keys(properties),
    isOpen: additional !== false && additional !== undefined,
    isSecret(output) {
      if (output in properties) return isMarked(properties[output]);
      if (additional === true) return null;
      return isMarked(additional);
    },
  };
}
