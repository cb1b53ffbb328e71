/** The candidate that is most like `word`, or null when none is close enough to be what was meant. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  return nearestFew(word, candidates, 1)[0] ?? null;
}

/** Up to `limit` candidates that may have been meant, the most alike first. */
export function nearestFew(word: string, candidates: readonly string[], limit = 3): readonly string[] {
  const wanted = word.toLowerCase();
  // A third of the letters may differ, and one always may: `nmae` is `name`, `spek` is `spec`.
  const allowedFor = (candidate: string) => Math.max(2, Math.floor(Math.max(wanted.length, candidate.length) / 3));
  return candidates
    .map((candidate) => ({ candidate, distance: distanceBetween(wanted, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) => distance <= allowedFor(candidate) || startsAlike(wanted, candidate.toLowerCase()),
    )
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** `. Did you mean "x"?`, or `. Known: a, b, c.` when nothing is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  if (near !== null) return `. Did you mean "${near}"?`;
  return candidates.length > 0 ? `. Known: ${candidates.join(', ')}.` : '.';
}

/** Edits (insert, remove, replace) from one word to the other: Levenshtein's distance. */
function distanceBetween(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

function startsAlike(word: string, candidate: string): boolean {
  return word.length >= 3 && (candidate.startsWith(word) || word.startsWith(candidate));
}
