import { type TProperties, Type } from 'typebox';
import { mark } from '../../lib/kind.js';
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

/** The name of a resource of a project: of its own, or `project/name` of another one that offers it. */
export function offeredNameOf(kind: string) {
  return Type.String({
    pattern: namePattern.replace('^', '^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?'),
    description: `The name of ${withArticle(kind)}; project/name of one that another project offers.`,
  });
}

/** Names a resource of any kind: see ResourceReference. */
export const resourceReference = closed({
  kind: Type.String({ minLength: 1 }),
  name: Type.String({ pattern: namePattern }),
  scope: Type.Union([
    Type.Literal('owner'),
    Type.Literal('ownersOwner'),
    Type.Literal('environment'),
    Type.Literal('project'),
  ]),
  project: Type.Optional(Type.String({ pattern: namePattern })),
  environment: Type.Optional(Type.String({ pattern: namePattern })),
});

/** Whose outputs a spec takes, by the name that `$output` markers use. */
export const outputBindings = Type.Array(closed({ name: Type.String({ minLength: 1 }), resource: resourceReference }), {
  maxItems: 100,
  description: 'Whose outputs are used, by the name that { $output: { from, output } } uses.',
});

/** A record of JSON values by name. */
export const valuesByName = Type.Object({}, { additionalProperties: true });

/** What is said of a resource of the kind that `kind` beside it names, or of one of some kind. Its secrets are taken out on entry. */
export const kindSpec = Type.Object({}, { additionalProperties: true, ...mark.kindSpec });

/** Any Kubernetes object, as JSON. Its Secret data is taken out on entry. */
export const kubernetesObject = Type.Object(
  {
    apiVersion: Type.String({ minLength: 1 }),
    kind: Type.String({ minLength: 1 }),
    metadata: Type.Object({ name: Type.String({ minLength: 1 }) }, { additionalProperties: true }),
  },
  { additionalProperties: true, description: 'A Kubernetes object.' },
);
