/**
 * A way along the edges that comes back to where it began, as its ids, the first one again at the end; null: there is none.
 * Looks at what can be reached from `from`.
 */
export function findCycle(
  edges: ReadonlyMap<string, readonly string[]>,
  from: Iterable<string>,
): readonly string[] | null {
  const done = new Set<string>();
  for (const start of from) {
    const cycle = walk(edges, start, done);
    if (cycle) return cycle;
  }
  return null;
}

/** Depth first, without recursion: a chain may be as long as a changeset. */
function walk(edges: ReadonlyMap<string, readonly string[]>, start: string, done: Set<string>): string[] | null {
  const path: string[] = [];
  const open = new Set<string>();
  const steps: { readonly id: string; next: number }[] = [];
  const enter = (id: string) => {
    path.push(id);
    open.add(id);
    steps.push({ id, next: 0 });
  };
  if (!done.has(start)) enter(start);
  for (let step = steps.at(-1); step; step = steps.at(-1)) {
    const target = edges.get(step.id)?.[step.next];
    step.next += 1;
    if (target === undefined) {
      done.add(step.id);
      open.delete(step.id);
      path.pop();
      steps.pop();
      continue;
    }
    if (open.has(target)) return [...path.slice(path.indexOf(target)), target];
    if (!done.has(target)) enter(target);
  }
  return null;
}
