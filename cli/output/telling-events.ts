export interface AnyEvent {
  readonly id: string;
  readonly lastAt: string;
}

export interface EventChoice<Event> {
  /** Warnings of all that a resource owns. */
  readonly warnings: readonly Event[];
  /** What Portolan itself tells of it. */
  readonly own: readonly Event[];
  /** Everything, of which most is what a cluster tells of pods. */
  readonly all: readonly Event[];
}

/**
 * The `limit` events that say most, the newest first: warnings for two thirds, then what Portolan tells, then more of
 * both, and the newest others where room is left. Each list is given with the newest first. Pure.
 */
export function tellingEvents<Event extends AnyEvent>(
  { warnings, own, all }: EventChoice<Event>,
  limit: number,
): readonly Event[] {
  const ofWarnings = Math.ceil((limit * 2) / 3);
  const ranked = [...warnings.slice(0, ofWarnings), ...own.slice(0, limit - ofWarnings), ...warnings, ...own, ...all];
  const chosen = [...new Map(ranked.map((event) => [event.id, event])).values()].slice(0, limit);
  return chosen.sort((a, b) => Date.parse(b.lastAt) - Date.parse(a.lastAt));
}
