/** `a, b, c and 7 more`. */
export function listText(names: readonly string[]): string {
  const left = names.length - MOST;
  return left > 0 ? `${names.slice(0, MOST).join(', ')} and ${left} more` : names.join(', ');
}

const MOST = 20;
