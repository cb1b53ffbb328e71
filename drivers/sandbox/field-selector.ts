import type { KubernetesObject } from '../kubernetes/driver.js';
import { record } from '../kubernetes/object-fields.js';
import { ApiError } from './api-error.js';

/** Tells whether an object is selected by a field selector: `metadata.name=web,status.phase!=Running`. Empty selects everything. */
export function parseFieldSelector(selector: string | undefined): (object: KubernetesObject) => boolean {
  const terms = (selector ?? '').split(',').filter(Boolean).map(parseTerm);
  return (object) =>
    terms.every(({ path, value, isEqual }) => {
      const found = path.reduce<unknown>((at, field) => record(at)[field], object);
      return (String(found ?? '') === value) === isEqual;
    });
}

function parseTerm(term: string) {
  const [, field, operator, value] = /^([\w.]+)(==|!=|=)(.*)$/.exec(term) ?? [];
  if (field === undefined || value === undefined) {
    throw new ApiError(400, 'BadRequest', `invalid field selector ${JSON.stringify(term)}: can't understand '${term}'`);
  }
  return { path: field.split('.'), value, isEqual: operator !== '!=' };
}
