import type { ClassType } from 'type-graphql';
import { assert } from '../lib/assert.js';

/**
 * Types that are written by hand refer to kinds by name: `project: Project`. Their thunks run while a graph is built,
 * and find here the types that were derived for it. Set for the time of one synchronous build.
 */
let current: ReadonlyMap<string, ClassType> | null = null;

/** Runs `build` with these types, by the name of their kind. */
export function withKindTypes<Result>(types: ReadonlyMap<string, ClassType>, build: () => Result): Result {
  const before = current;
  current = types;
  try {
    return build();
  } finally {
    current = before;
  }
}

/** For type thunks only. Throws outside of a build, and when the registry has no such kind. */
export function kindType(name: string): ClassType {
  const type = current?.get(name);
  assert(type, `The graph has no type for the kind ${name}: every registry must have it`);
  return type;
}
