import type { ChartResource, Line } from './chart-model.js';

/** The edges between the resources that are drawn: one line for all edges from one to another. */
export function linesBetween(drawn: ReadonlyMap<string, ChartResource>): readonly Line[] {
  const lines = new Map<string, Line>();
  const add = (from: string, to: string, edge: Pick<Line, 'isOwner' | 'paths'>) => {
    const end = drawn.get(to);
    if (!end || !drawn.has(from) || from === to) return;
    const id = `${from} ${to}`;
    const known = lines.get(id);
    lines.set(id, {
      id,
      from,
      to,
      isOwner: edge.isOwner || (known?.isOwner ?? false),
      paths: [...(known?.paths ?? []), ...edge.paths],
      health: end.status.health,
      isImplied: false,
    });
  };
  for (const { id, ownerId } of drawn.values()) if (ownerId !== null) add(ownerId, id, { isOwner: true, paths: [] });
  // That a part names its owner is told by the line from the owner.
  for (const { id, ownerId, references } of drawn.values())
    for (const { path, target } of references)
      if (target.id !== ownerId) add(id, target.id, { isOwner: false, paths: [path] });
  return withoutImplied([...lines.values()]);
}

/**
 * Marks dependencies that follow from others: what depends on a workload depends on its cluster too. One after the other,
 * so that whatever leads from one to another goes on leading there by what is left, in circles as well.
 */
function withoutImplied(lines: readonly Line[]): readonly Line[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of lines) next.set(from, (next.get(from) ?? new Set()).add(to));
  return lines.map((line) => {
    if (line.isOwner) return line;
    next.get(line.from)?.delete(line.to);
    if (leadsTo(line.from, line.to, next)) return { ...line, isImplied: true };
    next.get(line.from)?.add(line.to);
    return line;
  });
}

function leadsTo(from: string, to: string, next: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set([from]);
  const waiting = [from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const step of next.get(at) ?? []) {
      if (step === to) return true;
      if (seen.has(step)) continue;
      seen.add(step);
      waiting.push(step);
    }
  }
  return false;
}
