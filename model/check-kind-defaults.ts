import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';
import type { KindDefinition, KindRegistry } from '../lib/kind.js';
import { didYouMean } from '../lib/nearest.js';
import type { SpecValidator } from './validate.js';

/**
 * What a tier or an environment says of resources of a kind: the kind is there, and what is said fits it, so that an error
 * is its author's and not that of everybody who deploys there. Throws BadInputError, with its path from the root of the spec.
 */
export function checkKindDefaults(spec: JsonObject, registry: KindRegistry, validator: SpecValidator): void {
  const layered = registry.kinds.filter(({ scope, definedBy }) => scope === 'environment' || definedBy !== undefined);
  const defined = layered.filter(({ definedBy }) => definedBy !== undefined);
  eachOf(spec.defaults, (item, index) => {
    const kind = kindAt(item.kind, layered, ['defaults', index, 'kind']);
    try {
      validator.validatePart(kind, item.spec);
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      const path = ['defaults', index, 'spec', ...(error.details.path ?? [])];
      throw new BadInputError(error.message, { ...error.details, path }, { cause: error.cause });
    }
  });
  for (const field of ['definitions', 'allowedDefinitions']) {
    eachOf(spec[field], (item, index) => kindAt(item.kind, defined, [field, index, 'kind']));
  }
}

function eachOf(list: Json | undefined, check: (item: JsonObject, index: number) => void): void {
  if (!Array.isArray(list)) return;
  list.forEach((item: Json, index: number) => {
    if (isJsonObject(item)) check(item, index);
  });
}

function kindAt(
  name: Json | undefined,
  kinds: readonly KindDefinition[],
  path: readonly (string | number)[],
): KindDefinition {
  const found = kinds.find((kind) => kind.name === name);
  if (found) return found;
  const names = kinds.map((kind) => kind.name);
  throw new BadInputError(`"${String(name)}" is no kind that this can be said of${didYouMean(String(name), names)}`, {
    path,
  });
}
