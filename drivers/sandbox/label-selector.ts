import type { KubernetesObject } from '../kubernetes/driver.js';
import { ApiError } from './api-error.js';

/** Tells whether an object carries the labels of an equality selector: `a=b,c=d`. Empty selects everything. */
export function parseLabelSelector(selector: string | undefined): (object: KubernetesObject) => boolean {
  const terms = (selector ?? '')
    .split(',')
    .filter(Boolean)
    .map((term) => {
      const [, name, value] = /^([^=!]+)==?([^=]*)$/.exec(term) ?? [];
      if (name === undefined || value === undefined) {
        throw new ApiError(400, 'BadRequest', `the sandbox knows equality selectors only, not ${JSON.stringify(term)}`);
      }
      return { name, value };
    });
  return (object) => terms.every(({ name, value }) => object.metadata.labels?.[name] === value);
}
