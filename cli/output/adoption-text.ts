import type { LookAtAdoptionQuery } from '../../sdk/generated/operations.js';
import { paint } from './colour.js';
import { planText } from './plan-text.js';

type Adoption = LookAtAdoptionQuery['adoption'];

/** More objects that are left out for one reason are counted: `-o json` has them all. */
const MOST_TOLD = 5;

/** Lines of what would be taken over, what that would do to it, and what is left out and why. */
export function adoptionText(adoption: Adoption, hasColour: boolean): readonly string[] {
  const taken = adoption.steps.filter(({ action }) => action === 'NONE');
  const reasons = [...new Set(adoption.leftOut.map(({ why }) => withoutName(why)))];
  return [
    ...(taken.length > 0 ? [paint('Taken over as they are', 'bold', hasColour)] : []),
    ...taken.map(({ object }) => `  = ${object}`),
    ...(adoption.isUnchanged ? [] : ['', ...planText({ steps: adoption.steps, unavailable: [] }, hasColour)]),
    ...(reasons.length > 0 ? ['', paint('Left out', 'bold', hasColour)] : []),
    ...reasons.flatMap((reason) => {
      const objects = adoption.leftOut.filter(({ why }) => withoutName(why) === reason);
      const rest = objects.length - MOST_TOLD;
      return [
        ...objects.slice(0, MOST_TOLD).map(({ object, why }) => `  ${object}: ${why}`),
        ...(rest > 0 ? [`  … ${rest} more like that`] : []),
      ];
    }),
  ];
}

/** `It belongs to ReplicaSet/web-1.` and `-2` are one reason. */
const withoutName = (why: string) => why.replace(/\/\S+\.$/, '');
