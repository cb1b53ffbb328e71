import { codeOf } from './format-error.js';

/** Whether what could not be read just now may be read when it is asked for again. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'INTERNAL' || code === 'CONFLICT';
}
