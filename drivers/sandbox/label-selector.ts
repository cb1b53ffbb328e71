import type { KubernetesObject } from '../kubernetes/driver.js';
import { ApiError } from './api-error.js';

/** Tells whether an object carries the labels of a selector: `a=b,c==d,e` (`e` is there, whatever its value). Empty selects everything. */
export function parseLabelSelector(selector: string | undefined): (object: KubernetesObject) => boolean {
  const terms = (selector ?? '')
    .split(',')
    .filter(Boolean)
    .map((term) => {
      const [, name, value] = /^([^=!\s()]+)(?:==?([^=]*))?$/.exec(term) ?? [];
      if (name === undefined) {
        throw new ApiError(400, 'BadRequest', `the sandbox does not know the label selector ${JSON.stringify(term)}`);
      }
      return { name, value };
    });
  return (object) =>
    terms.every(({ name, value }) => {
      const label = object.metadata.labels?.[name];
      return value === undefined ? label !== undefined : label === value;
    });
}
