import type { KeptFieldRowFragment } from '../../sdk/generated/operations.js';
import { ageOf } from './duration.js';
import { valueText } from './value-text.js';

/** `kept: spec.image = nginx:2 (set by ci, 3m ago); your file says nginx:1`. Values of secrets are hidden. */
export function keptLine(
  { path, manager, stated, actual, isSecret, set }: KeptFieldRowFragment,
  nowMs: number,
): string {
  const since = set === null ? '' : `, ${ageOf(set.at, nowMs)} ago`;
  const [is, says] = isSecret ? ['hidden', 'another secret'] : [valueText(actual), valueText(stated)];
  return `kept: ${path} = ${is} (set by ${manager}${since}); your file says ${says}`;
}
