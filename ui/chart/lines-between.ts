import type { ChartResource, Line } from './chart-model.js';

/** The edges between cards: one line for all edges from one to another, those of the parts that a card stands for included. */
export function linesBetween(
  resources: readonly ChartResource[],
  cardOf: ReadonlyMap<string, string>,
): readonly Line[] {
  const healthOf = new Map(resources.map(({ id, status }) => [id, status.health]));
  const lines = new Map<string, Line>();
  const add = (start: string, end: string, edge: Pick<Line, 'isOwner' | 'paths'>) => {
    const [from, to] = [cardOf.get(start), cardOf.get(end)];
    const health = healthOf.get(to ?? '');
    if (from === undefined || to === undefined || health === undefined || from === to) return;
    const id = `${from} ${to}`;
    const known = lines.get(id);
    // Of a part that is not drawn the path would be misread as one of its card.
    const paths = start === from ? edge.paths : [];
    const isOwner = edge.isOwner || (known?.isOwner ?? false);
    lines.set(id, { id, from, to, isOwner, paths: [...(known?.paths ?? []), ...paths], health, isImplied: false });
  };
  for (const { id, ownerId } of resources) if (ownerId !== null) add(ownerId, id, { isOwner: true, paths: [] });
  // That a part names its owner is told by the line from the owner.
  for (const { id, ownerId, references } of resources)
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
