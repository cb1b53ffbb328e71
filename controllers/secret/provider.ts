import { isSecretReference, type SecretReference, type SpecOf } from '../../lib/kind.js';
import type { Random } from '../../lib/random.js';
import type { secretKind } from '../../schema/kinds/secret.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import { generateText } from './generate-text.js';
import { secretStatus } from './status.js';

type SecretSpec = SpecOf<typeof secretKind>;

/** References by key: of what was made before. */
export type GeneratedSecrets = Readonly<Record<string, SecretReference>>;

export interface GenerateAction {
  readonly type: 'generate';
  readonly key: string;
  readonly length: number;
}

/**
 * Keeps the values that a Secret generates: each is made once, at random, and is an output from then on. What was stored
 * and not reported yet is only known to this process: after a crash it is made anew, for nobody was given it.
 */
export function createSecretProvider(options: {
  readonly client: Pick<ResourceClient<SecretSpec>, 'storeSecret'>;
  readonly random: Random;
}): ResourceProvider<SecretSpec, GeneratedSecrets, GenerateAction> {
  const { client, random } = options;
  const stored = new Map<string, Record<string, SecretReference>>();
  return {
    observe: (secret) => Promise.resolve({ ...reported(secret), ...stored.get(secret.id) }),
    diff: ({ spec }, generated) =>
      (spec.generate ?? [])
        .filter(({ key }) => generated[key] === undefined)
        .map(({ key, length = USUAL_LENGTH }) => ({ type: 'generate', key, length })),
    async apply({ id }, { key, length }, context) {
      const value = generateText(length, random);
      const reference = await client.storeSecret(id, { name: `outputs/${key}`, value }, context);
      stored.set(id, { ...stored.get(id), [key]: reference });
    },
    removal({ id }) {
      stored.delete(id);
      return [];
    },
    status: secretStatus,
  };
}

/** Some 190 bits. */
const USUAL_LENGTH = 32;

/** Of the keys that it generates, those that are outputs already. */
function reported({ spec, status }: ResourceView<SecretSpec>): GeneratedSecrets {
  const keys = (spec.generate ?? []).flatMap(({ key }) => {
    const value = status.outputs[key]?.value;
    return isSecretReference(value) ? [[key, value] as const] : [];
  });
  return Object.fromEntries(keys);
}
