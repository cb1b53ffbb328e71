import { type Place, type ResourceRow, textOfPlace } from './rows.js';
import { tierPlace } from './tier-place.js';

/**
 * Where projects, environments and tiers were when this process last saw them. A guess decides what is asked at once, never what
 * is done: see loadExpected.
 */
export class KnownPlaces {
  readonly #ids = new Map<string, string>();
  /** By the place of an environment, that of its tier. */
  readonly #tiers = new Map<string, Place>();

  idAt(place: Place): string | null {
    return this.#ids.get(textOfPlace(place)) ?? null;
  }

  tierOf(environment: Place): Place | null {
    return this.#tiers.get(textOfPlace(environment)) ?? null;
  }

  learn(rows: readonly ResourceRow[]): void {
    for (const row of rows) {
      if (!KINDS.has(row.kind)) continue;
      if (this.#ids.size >= MOST) this.#clear();
      const place = textOfPlace(row);
      this.#ids.set(place, row.id);
      if (row.kind !== 'Environment') continue;
      const tier = tierPlace(row);
      if (tier) this.#tiers.set(place, tier);
      else this.#tiers.delete(place);
    }
  }

  #clear(): void {
    this.#ids.clear();
    this.#tiers.clear();
  }
}

const KINDS: ReadonlySet<string> = new Set(['Project', 'Environment', 'Tier']);

const MOST = 10_000;
