import { type TProperties, Type } from 'typebox';
import { namePattern, withArticle } from '../../lib/names.js';

/** An object that refuses keys it does not name. Every object of a spec is one. */
export function closed<Properties extends TProperties>(properties: Properties, options: { description?: string } = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** For kinds that report nothing of their own, and for those that give nothing to others. */
export const nothing = closed({});

/** The name of another resource. */
export function nameOf(kind: string) {
  return Type.String({ pattern: namePattern, description: `The name of ${withArticle(kind)}.` });
}

/** Any Kubernetes object, as JSON. Its Secret data is taken out on entry. */
export const kubernetesObject = Type.Object(
  {
    apiVersion: Type.String({ minLength: 1 }),
    kind: Type.String({ minLength: 1 }),
    metadata: Type.Object({ name: Type.String({ minLength: 1 }) }, { additionalProperties: true }),
  },
  { additionalProperties: true, description: 'A Kubernetes object.' },
);
