import { ApiError } from './api-error.js';
import type { SandboxType } from './type-table.js';

/** One field that is not as it must be. */
export interface FieldProblem {
  readonly field: string;
  /** Shown when given. */
  readonly value?: unknown;
  readonly why: string;
}

/** 422, in the words of an API server: `Deployment.apps "web" is invalid: spec.selector: Invalid value: {...}: field is immutable`. */
export function invalid(
  { kind, group }: Pick<SandboxType, 'kind' | 'group'>,
  name: string,
  problems: readonly FieldProblem[],
): ApiError {
  const causes = problems.map(({ field, value, why }) => ({
    reason: reasonOf(why),
    message: value === undefined ? why : `Invalid value: ${JSON.stringify(value)}: ${why}`,
    field,
  }));
  const said = causes.map(({ field, message }) => `${field}: ${message}`);
  const title = `${kind}${group ? `.${group}` : ''} "${name}" is invalid`;
  return new ApiError(422, 'Invalid', `${title}: ${said.length === 1 ? said[0] : `[${said.join(', ')}]`}`, {
    causes,
    details: { name, ...(group ? { group } : {}), kind },
  });
}

function reasonOf(why: string): string {
  if (why.startsWith('Forbidden')) return 'FieldValueForbidden';
  if (why.startsWith('Unsupported')) return 'FieldValueNotSupported';
  if (why.startsWith('Too long')) return 'FieldValueTooLong';
  return why.startsWith('Required') ? 'FieldValueRequired' : 'FieldValueInvalid';
}
