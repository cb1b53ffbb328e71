/**
 * The order of a list that one manager states and others add to. Items that are `own` come in the order in which they
 * are stated; those of others stay where they are. What is new comes after what it is stated after, or at the end.
 * Stated again, nothing moves.
 */
export function orderItems(
  before: readonly string[],
  stated: readonly string[],
  isOwn: (key: string) => boolean,
): readonly string[] {
  const known = new Set(before);
  const sequence = stated.filter((key) => !known.has(key) || isOwn(key));
  const own = sequence.filter((key) => known.has(key));
  const slots = new Set(own);
  let next = 0;
  const placed = before.map((key) => (slots.has(key) ? (own[next++] ?? key) : key));

  const following = new Map<string | null, string[]>();
  let last: string | null = null;
  for (const key of sequence) {
    const group = following.get(last);
    if (known.has(key)) last = key;
    else if (group) group.push(key);
    else following.set(last, [key]);
  }
  const leading = following.get(null) ?? [];
  const [first] = own;
  const result = placed.flatMap((key) => [...(key === first ? leading : []), key, ...(following.get(key) ?? [])]);
  return first === undefined ? [...result, ...leading] : result;
}
