import { isJsonObject } from '../../lib/canonical.js';
import type { World } from './world.js';

/** The ids that were drawn for what a changeset makes. Another run would draw others, so names stand for them. */
export class NewIds {
  /** By the first digits. */
  readonly #known = new Map<string, { readonly digits: string; readonly label: string }>();

  static of({ drafts, newSecrets }: World): NewIds {
    const ids = new NewIds();
    // What is in something new comes after it, and so does what it owns.
    for (const { before, id, kind, scopeId, name } of drafts) {
      if (before === null) ids.#add(id, `${kind.name} ${name} of ${ids.relabel(scopeId)}`);
    }
    for (const { id, version, resourceId, place } of newSecrets) {
      if (version === 1) ids.#add(id, `secret ${place} of ${ids.relabel(resourceId)}`);
    }
    return ids;
  }

  /** The text with names in the places of these ids, also where a name was made of the beginning of one, as namespaces are. */
  relabel(text: string): string {
    return this.#replace(text, (label, length) => `<${length} of ${label}>`);
  }

  /** The value as it can be shown before it is there. */
  hide(value: unknown): unknown {
    if (this.#known.size === 0) return value;
    if (typeof value === 'string') return this.#replace(value, () => '(known after apply)');
    if (Array.isArray(value)) return value.map((item) => this.hide(item));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.hide(item)]));
  }

  #replace(text: string, by: (label: string, length: number) => string): string {
    if (this.#known.size === 0) return text;
    return text.replace(ID_OR_BEGINNING, (found) => {
      const digits = found.replaceAll('-', '');
      const known = this.#known.get(digits.slice(0, SHORTEST));
      return known?.digits.startsWith(digits) ? by(known.label, digits.length) : found;
    });
  }

  #add(id: string, label: string): void {
    const digits = id.replaceAll('-', '');
    this.#known.set(digits.slice(0, SHORTEST), { digits, label });
  }
}

const SHORTEST = 8;
const ID_OR_BEGINNING = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8,32}/g;
