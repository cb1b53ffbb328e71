import { BadInputError, NotFoundError } from '../../lib/errors.js';
import { nearestFew } from '../../lib/nearest.js';
import type { KindView } from './kind-view.js';

/**
 * The kind that a person means by `word`: its name or plural in any case, with or without dashes, or a prefix that
 * fits one kind alone. Throws NotFoundError naming what is near, BadInputError when the prefix fits several.
 */
export function matchKind<Kind extends KindView>(word: string, kinds: readonly Kind[]): Kind {
  const wanted = plain(word);
  const exact = kinds.find((kind) => namesOf(kind).includes(wanted));
  if (exact) return exact;
  const all = wanted === '' ? [] : kinds.filter((kind) => namesOf(kind).some((name) => name.startsWith(wanted)));
  // Who means the definitions says so: `databasedef`.
  const fitting = all.filter(({ name }) => !all.some((other) => name === `${other.name}Definition`));
  const [first, second] = fitting;
  if (first && !second) return first;
  if (second) {
    throw new BadInputError(`"${word}" may be ${listOf(fitting.map((kind) => kind.name))}.`, {
      next: 'Write some letters more.',
    });
  }
  const near = nearestFew(
    word,
    kinds.map((kind) => kind.name),
  );
  throw new NotFoundError(`There is no kind "${word}".${near.length > 0 ? ` Did you mean ${listOf(near)}?` : ''}`, {
    next: 'portolan kinds',
  });
}

/** `a, b or c`. */
export function listOf(words: readonly string[], conjunction: 'or' | 'and' = 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

function namesOf(kind: KindView): readonly string[] {
  return [plain(kind.name), plain(kind.plural)];
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, '');
}
