/** Ends an exhaustive switch: a new member of the union becomes a compile error here. */
export function assertNever(value: never, what = 'value'): never {
  throw new Error(`Unexpected ${what}: ${JSON.stringify(value)}. This is a defect in Portolan; please report it.`);
}

/** States what the code below relies on. Throws an Error with `message` when it does not hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`${message}. This is a defect in Portolan; please report it.`);
}
