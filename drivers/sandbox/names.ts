import type { Random } from '../../lib/random.js';

/** A name of an object; a colon is for those of RBAC (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/). */
export const objectNamePattern = /^[a-z0-9:]([-a-z0-9.:]*[a-z0-9])?$/;

/** The value of a label, which may be empty, and the last part of its name, which may not. */
export const labelValuePattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/;

/** Five letters and digits that end a name, as k8s.io/apimachinery/pkg/util/rand gives them: none that make words. */
export function nameSuffix(random: Random): string {
  return Array.from({ length: 5 }, () => letters[random.below(letters.length)]).join('');
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';
