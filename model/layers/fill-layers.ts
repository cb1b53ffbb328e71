import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { uncover } from '../fields/cover.js';
import { type FieldPlace, parseFieldPath, pathBelow } from '../fields/field-path.js';
import { treeOf } from '../fields/field-tree.js';
import { isMarker } from '../fields/marker.js';
import { isLayer } from '../layer-name.js';
import type { Managers } from '../resource.js';

/** What is said where nobody stronger says anything. Its name is the manager of what it fills: `layer:tier/prod`. */
export interface Layer {
  readonly name: string;
  readonly spec: JsonObject;
}

/** A spec, and who set each field of it. */
export interface FilledSpec {
  readonly spec: JsonObject;
  readonly managers: Managers;
}

/**
 * The spec with what is absent from it, field by field, each from the first layer that says it. A list is one field, and so
 * is a marker such as a reference to a secret: they are taken whole.
 */
export function fillLayers(stated: FilledSpec, layers: readonly Layer[]): FilledSpec {
  const managers: Record<string, string> = { ...stated.managers };
  const spec = layers.reduce((below, layer) => fill(below, layer, '', managers), stated.spec);
  return { spec, managers };
}

/** The spec without what layers had filled, but for what stands at one of the paths of `kept`. */
export function dropLayers(filled: FilledSpec, kept: readonly string[] = []): FilledSpec {
  return select(filled, (path, manager) => manager === undefined || !isLayer(manager) || kept.includes(path));
}

/** Only what the layers of these names had filled. */
export function keepLayers(filled: FilledSpec, names: readonly string[]): FilledSpec {
  return select(filled, (_, manager) => manager !== undefined && names.includes(manager));
}

/** `spec` without what is not in `other`, at whatever place. */
export function withinSpec(spec: JsonObject, other: JsonObject): JsonObject {
  const entries = Object.entries(spec).flatMap(([key, value]): [string, Json][] => {
    const there = other[key];
    if (there === undefined) return [];
    return [[key, isBranch(value) && isBranch(there) ? withinSpec(value, there) : value]];
  });
  return Object.fromEntries(entries);
}

/** What stands at a dotted path; undefined: nothing. */
export function valueAtPath(spec: JsonObject, path: string): Json | undefined {
  let at: Json | undefined = spec;
  for (const key of path.split('.')) at = isJsonObject(at) ? at[key] : undefined;
  return at;
}

/** Who set what stands at a path: the entry of the path itself, else of the nearest one above, else of one below. */
export function managerAt(managers: Managers, path: string): string | null {
  for (let at: FieldPlace | null = parseFieldPath(path); at !== null; at = at.parent) {
    const manager = Object.hasOwn(managers, at.path) ? managers[at.path] : undefined;
    if (manager !== undefined) return manager;
  }
  const below = Object.entries(managers).find(([at]) => at.startsWith(`${path}.`) || at.startsWith(`${path}[`));
  return below?.[1] ?? null;
}

function fill(spec: JsonObject, layer: Layer, path: string, managers: Record<string, string>): JsonObject {
  const filled: Record<string, Json> = { ...spec };
  for (const [key, value] of Object.entries(layer.spec)) {
    const at = pathBelow(path, { key, isItem: false });
    const known = filled[key];
    if (known === undefined) {
      filled[key] = value;
      for (const field of fieldsOf(value, at)) managers[field] = layer.name;
    } else if (isBranch(known) && isBranch(value)) {
      delete managers[at];
      filled[key] = fill(known, { ...layer, spec: value }, at, managers);
    }
  }
  return filled;
}

function fieldsOf(value: Json, path: string): readonly string[] {
  if (!isBranch(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, item]) => fieldsOf(item, pathBelow(path, { key, isItem: false })));
}

/** An object that has fields: not one that stands for a value, as `{ $secret }` does. */
function isBranch(value: Json): value is JsonObject {
  return isJsonObject(value) && !isMarker(value);
}

function select(
  { spec, managers }: FilledSpec,
  isWanted: (path: string, manager: string | undefined) => boolean,
): FilledSpec {
  const owners = uncover(treeOf(spec), managers);
  const ownersBelow = (path: string) =>
    [...owners].filter(([at]) => at.startsWith(`${path}[`)).map(([, owner]) => owner);
  const gone: string[] = [];
  const walk = (value: Json, path: string): Json | undefined => {
    if (!isBranch(value) || Object.keys(value).length === 0) {
      // A list is one field here: what a person set a part of is not a layer's any more.
      const all = owners.has(path) ? [owners.get(path)] : Array.isArray(value) ? ownersBelow(path) : [];
      const isKept = all.length === 0 ? isWanted(path, undefined) : all.some((owner) => isWanted(path, owner));
      if (!isKept) gone.push(path);
      return isKept ? value : undefined;
    }
    const left = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
      const kept = walk(item, pathBelow(path, { key, isItem: false }));
      return kept === undefined ? [] : [[key, kept]];
    });
    return left.length === 0 && path !== '' ? undefined : Object.fromEntries(left);
  };
  const kept = (walk(spec, '') ?? {}) as JsonObject;
  const isGone = (path: string) =>
    gone.some((at) => path === at || path.startsWith(`${at}[`) || path.startsWith(`${at}.`));
  return { spec: kept, managers: Object.fromEntries(Object.entries(managers).filter(([path]) => !isGone(path))) };
}
