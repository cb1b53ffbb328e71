import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical.js';

/** SHA-256 of the canonical JSON of `value`, as 64 hex digits. */
export function hashJson(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** SHA-256 of a text, as 64 hex digits. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
