import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { isSecretReference, type KindDefinition, type KindRegistry, mark, type SecretReference } from '../lib/kind.js';
import { isSecret } from './manifests.js';
import { walkMarked } from './walk-marked.js';

export interface FoundSecret {
  /** Where it stands in this spec. */
  readonly path: readonly (string | number)[];
  /** Where it stands by names instead of indexes, so that moving an object keeps its secrets: `components/web/Secret/db/data/password`. */
  readonly place: string;
  /** What was given: plaintext, or the reference of an export that comes back. */
  readonly value: string | SecretReference;
}

/**
 * Every secret value of a spec: strings that the kind marks, the data of Secrets among its manifests, and what kinds of
 * `registry` mark where it holds parts of their specs.
 */
export function findSecrets(
  kind: KindDefinition,
  spec: unknown,
  registry: Pick<KindRegistry, 'kinds'> = { kinds: [] },
): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  walkMarked(kind.spec, spec, mark.secret['x-portolan'], (value, path) => {
    if (typeof value === 'string' || isSecretReference(value)) found.push({ path, place: path.join('/'), value });
  });
  walkMarked(kind.spec, spec, mark.manifests['x-portolan'], (objects, path) => {
    if (!Array.isArray(objects)) return;
    objects.forEach((object: Json, index: number) => {
      if (isJsonObject(object)) found.push(...ofSecret(object, [...path, index], placeOf(spec, path)));
    });
  });
  walkMarked(kind.spec, spec, mark.kindSpec['x-portolan'], (part, path) => {
    found.push(...ofPart(part, path, spec, registry));
  });
  return found;
}

/** Where nothing beside it says of which kind it is, what any kind marks is a secret. */
function ofPart(
  part: Json,
  path: readonly (string | number)[],
  spec: unknown,
  { kinds }: Pick<KindRegistry, 'kinds'>,
): readonly FoundSecret[] {
  const beside = path.slice(0, -1).reduce<unknown>((at, step) => Reflect.get(Object(at), step), spec);
  const named: unknown = Reflect.get(Object(beside), 'kind');
  const possible = kinds.filter((each) => typeof named !== 'string' || each.name === named);
  const place = placeOf(spec, path);
  const found = possible.flatMap((each) => findSecrets(each, part));
  const unique = new Map(found.map((secret) => [secret.place, secret]));
  return [...unique.values()].map((secret) => ({
    ...secret,
    path: [...path, ...secret.path],
    place: `${place}/${secret.place}`,
  }));
}

/** Whether there is anything at all where a secret may stand, or a reference to one anywhere. */
export function mayHoldSecrets(kind: KindDefinition, spec: unknown): boolean {
  let isThere = listSecretReferences(spec).length > 0;
  for (const { 'x-portolan': name } of [mark.secret, mark.manifests, mark.kindSpec]) {
    walkMarked(kind.spec, spec, name, () => {
      isThere = true;
    });
  }
  return isThere;
}

/** The spec with each found secret replaced by the reference that `referenceFor` gives for it. */
export function replaceSecrets(
  spec: JsonObject,
  found: readonly FoundSecret[],
  referenceFor: (secret: FoundSecret) => SecretReference,
): JsonObject {
  return found.reduce<Json>(
    (value, secret) => set(value, secret.path, { ...referenceFor(secret) }),
    spec,
  ) as JsonObject;
}

/** Every reference to a secret that a JSON value holds, wherever it stands. */
export function listSecretReferences(value: unknown): readonly SecretReference[] {
  if (isSecretReference(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(listSecretReferences);
}

/** The value with each reference replaced by its plaintext. Throws, naming the id, when one is not given. */
export function resolveSecrets<T>(value: T, plaintextOf: (reference: SecretReference) => string | null): T {
  if (isSecretReference(value)) {
    const plaintext = plaintextOf(value);
    if (plaintext === null) throw new Error(`The value of secret ${value.$secret.id} was not released.`);
    return plaintext as T;
  }
  if (Array.isArray(value)) return value.map((item) => resolveSecrets(item, plaintextOf)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveSecrets(item, plaintextOf)])) as T;
}

function ofSecret(object: JsonObject, path: readonly (string | number)[], place: string): FoundSecret[] {
  if (!isSecret(object)) return [];
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  return (['data', 'stringData'] as const).flatMap((field) => {
    const data = object[field];
    if (!isJsonObject(data)) return [];
    return Object.entries(data).flatMap(([key, value]): FoundSecret[] => {
      if (typeof value !== 'string' && !isSecretReference(value)) return [];
      const names = [place, 'Secret', metadata.namespace, metadata.name, field, key].filter(
        (name) => name !== undefined,
      );
      return [{ path: [...path, field, key], place: names.join('/'), value }];
    });
  });
}

/** Replaces indexes on the way by the names of what they point to. */
function placeOf(spec: unknown, path: readonly (string | number)[]): string {
  let at = spec as Json | undefined;
  return path
    .map((step) => {
      at = Array.isArray(at) ? at[Number(step)] : isJsonObject(at) ? at[step] : undefined;
      return typeof step === 'number' && isJsonObject(at) && typeof at.name === 'string' ? at.name : String(step);
    })
    .join('/');
}

function set(value: Json, path: readonly (string | number)[], replacement: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? set(item, rest, replacement) : item));
  if (!isJsonObject(value)) return value;
  return { ...value, [step]: set(value[step] ?? null, rest, replacement) };
}
