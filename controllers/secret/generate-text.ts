import type { Random } from '../../lib/random.js';

/** Letters and digits, which need no quotes anywhere and cannot be mistaken for one another. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** A text of `length` characters that nobody can guess, as far as `random` cannot be. */
export function generateText(length: number, random: Random): string {
  return Array.from({ length }, () => alphabet[random.below(alphabet.length)] ?? '').join('');
}
