import type { Json, JsonObject } from '../../lib/canonical.js';

/**
 * Values by what they have that one of the same shape has not. Objects of one type are made by few templates: what differs
 * is names, ids, versions and times. Shape: all but the leaves, that is texts, numbers, booleans and null.
 */
export interface Likeness {
  /** null when it is like nothing that came before. */
  describe(value: Json): string | null;
  restore(description: string): Json;
}

export function createLikeness(): Likeness {
  const models: Json[] = [];
  const byShape = new Map<number, number>();
  /** Seen once: what comes once is no model for others. */
  let once = new Set<number>();
  const modelOf = (value: Json): number | null => {
    const shape = shapeOf(value, SEED);
    const known = byShape.get(shape);
    if (known !== undefined) return known;
    if (!once.delete(shape)) {
      if (once.size >= MOST_ONCE) once = new Set();
      once.add(shape);
      return null;
    }
    if (models.length >= MOST_MODELS) return null;
    byShape.set(shape, models.push(value) - 1);
    return models.length - 1;
  };
  return {
    describe(value) {
      const index = modelOf(value);
      if (index === null) return null;
      const found: Difference[] = [];
      const isLike = compare(value, models[index] ?? null, found, { position: 0 });
      return isLike ? JSON.stringify([index, ...written(found)]) : null;
    },
    restore(description) {
      const [index, ...rest] = JSON.parse(description) as [number, ...Json[]];
      return rebuild(models[index] ?? null, read(rest), { position: 0 });
    },
  };
}

/** Of one type in one cluster: more shapes than any has that are many. */
const MOST_MODELS = 100;
const MOST_ONCE = 5_000;

type Leaf = string | number | boolean | null;
type Difference = readonly [position: number, leaf: Leaf];

/** Where it is, then what it is: a list of one leaf, or the number of the difference that has the same one. */
function written(differences: readonly Difference[]): readonly Json[] {
  const known = new Map<Leaf, number>();
  return differences.flatMap(([position, leaf], index): Json[] => {
    const same = known.get(leaf);
    if (same !== undefined) return [position, same];
    known.set(leaf, index);
    return [position, typeof leaf === 'number' ? [leaf] : leaf];
  });
}

function read(words: readonly Json[]): ReadonlyMap<number, Leaf> {
  const leaves: Leaf[] = [];
  const found = new Map<number, Leaf>();
  for (let index = 0; index < words.length; index += 2) {
    const word = words[index + 1] ?? null;
    const leaf = typeof word === 'number' ? leaves[word] : Array.isArray(word) ? word[0] : word;
    leaves.push((leaf ?? null) as Leaf);
    found.set(words[index] as number, (leaf ?? null) as Leaf);
  }
  return found;
}

const SEED = 0x811c9dc5;

/** A number for all but the leaves. Two shapes may have the same one, so what is found by it is compared. */
function shapeOf(value: Json, from: number): number {
  if (isLeaf(value)) return mix(from, 1);
  if (Array.isArray(value))
    return value.reduce((hash: number, item) => shapeOf(item, hash), mix(from, 2 + value.length));
  let hash = mix(from, 3);
  for (const [key, item] of entriesOf(value)) {
    for (let index = 0; index < key.length; index += 1) hash = mix(hash, key.charCodeAt(index));
    hash = shapeOf(item, hash);
  }
  return mix(hash, 4);
}

const mix = (hash: number, word: number) => Math.imul(hash ^ word, 0x01000193) >>> 0;

/** False when they have not the same shape. */
function compare(value: Json, model: Json, found: Difference[], at: { position: number }): boolean {
  if (isLeaf(value) || isLeaf(model)) {
    if (!isLeaf(value) || !isLeaf(model)) return false;
    if (value !== model) found.push([at.position, value]);
    at.position += 1;
    return true;
  }
  if (Array.isArray(value) || Array.isArray(model)) {
    if (!Array.isArray(value) || !Array.isArray(model) || value.length !== model.length) return false;
    return value.every((item, index) => compare(item, model[index] ?? null, found, at));
  }
  const [entries, likes] = [entriesOf(value), entriesOf(model)];
  if (entries.length !== likes.length) return false;
  return entries.every(([key, item], index) => {
    const like = likes[index];
    return like !== undefined && like[0] === key && compare(item, like[1], found, at);
  });
}

function rebuild(model: Json, leaves: ReadonlyMap<number, Leaf>, at: { position: number }): Json {
  if (isLeaf(model)) {
    const found = leaves.get(at.position);
    at.position += 1;
    return found === undefined ? model : found;
  }
  if (Array.isArray(model)) return model.map((item) => rebuild(item, leaves, at));
  return Object.fromEntries(entriesOf(model).map(([key, item]) => [key, rebuild(item, leaves, at)]));
}

function isLeaf(value: Json): value is Leaf {
  return typeof value !== 'object' || value === null;
}

/** What is undefined is in no JSON. */
function entriesOf(value: Json): readonly [string, Json][] {
  return Object.entries(value as JsonObject).filter(([, item]) => item !== undefined);
}
