import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { isSecretReference, type SpecOf } from '../../lib/kind.js';
import type { managedServiceKind } from '../../schema/kinds/managed-service.js';
import { accountOf, everywhere } from '../cloud/account-of.js';
import type { CloudKind, CloudLook } from '../cloud/cloud-kind.js';

/** A service that somebody else runs: what is ordered, and what of the answer is an output, its definition says. */
export const managedService: CloudKind<SpecOf<typeof managedServiceKind>> = {
  kind: 'ManagedService',
  type: 'service',
  accountId: accountOf,
  region: () => everywhere,
  reads: ['definition'],
  propertiesOf(look) {
    const { service, token } = definitionOf(look);
    const { plan = '', parameters = {} } = look.resource.spec;
    return {
      product: typeof service === 'string' ? service : '',
      plan,
      parameters: parameters as JsonObject,
      answers: answersOf(look).map(({ path }) => path),
      ...credentialOf(token),
    };
  },
  outputsOf: (look) =>
    Object.fromEntries(
      answersOf(look).map(({ name, path, isSecret }) => {
        const value = valueAt(look.seen?.attributes, path);
        const reference = value === undefined ? undefined : look.kept[name];
        return [name, isSecret ? reference && { ...reference } : value];
      }),
    ),
  secretOutputsOf(look) {
    const found = answersOf(look).flatMap(({ name, path, isSecret }) => {
      const value = isSecret ? valueAt(look.seen?.attributes, path) : undefined;
      return value === undefined ? [] : [[name, String(value)] as const];
    });
    return Object.fromEntries(found);
  },
  immutable: ['product'],
  // What it holds is its maker's, and would go with it.
  mayReplace: () => false,
};

function credentialOf(token: Json | undefined): JsonObject {
  return isSecretReference(token) ? { credential: { $secret: { ...token.$secret } } } : {};
}

interface Answer {
  readonly name: string;
  /** Dotted, in what the maker answers. */
  readonly path: string;
  readonly isSecret: boolean;
}

function answersOf(look: CloudLook<unknown>): readonly Answer[] {
  const { outputs } = definitionOf(look);
  return (Array.isArray(outputs) ? outputs : []).flatMap((output: Json) => {
    if (!isJsonObject(output)) return [];
    return [{ name: String(output.name), path: String(output.path), isSecret: output.secret === true }];
  });
}

function definitionOf({ specs }: CloudLook<unknown>): JsonObject {
  return specs.definition ?? {};
}

function valueAt(answer: Json | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), answer);
}
