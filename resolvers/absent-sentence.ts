import type { AbsentName } from '../lib/absent-name.js';

/**
 * What all parts of a question said that they do not have, in one sentence. A container that is missing in the pod that
 * was chosen says more than that the other parts do not have that pod. Null when there is nothing. Pure.
 */
export function absentSentence(absent: readonly AbsentName[]): string | null {
  const telling = absent.filter(({ what }) => what === 'container');
  const [first] = telling.length > 0 ? telling : absent;
  if (!first) return null;
  const { what, name } = first;
  const known = [...new Set(absent.flatMap((one) => (one.what === what ? one.known : [])))].sort();
  const told = what === 'pod' ? `There is no pod ${name}.` : `No pod has a container ${name}.`;
  if (known.length === 0) return `${told} There is no ${what} at all.`;
  const more = known.length > SHOWN_NAMES ? ` and ${known.length - SHOWN_NAMES} more` : '';
  return `${told} There is ${known.slice(0, SHOWN_NAMES).join(', ')}${more}.`;
}

/** Keeps a sentence readable. */
const SHOWN_NAMES = 10;
