import { ageOf } from '../../lib/age.js';
import type { KeptFieldRowFragment } from '../../sdk/generated/operations.js';
import { valueText } from './value-text.js';

/**
 * `kept: spec.image = nginx:2 (set by ci, 3m ago); your file says nginx:1`. Secrets are hidden. In what is read later
 * (`nowMs` is null) the time itself is told.
 */
export function keptLine(field: KeptFieldRowFragment, nowMs: number | null): string {
  const { path, manager, stated, actual, isSecret, set } = field;
  const [is, says] = isSecret ? ['hidden', 'another secret'] : [valueText(actual), valueText(stated)];
  return `kept: ${path} = ${is} (set by ${manager}${set === null ? '' : since(set.at, nowMs)}); your file says ${says}`;
}

const since = (at: string, nowMs: number | null) => (nowMs === null ? ` at ${at}` : `, ${ageOf(at, nowMs)} ago`);
