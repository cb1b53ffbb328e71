import { type Static, Type } from 'typebox';
import { mark } from '../../lib/kind.js';
import { namePattern } from '../../lib/names.js';
import { closed, kubernetesObject, valuesByName } from './shapes.js';

const objectName = Type.String({ minLength: 1, description: 'Kind/name: `Deployment/web`.' });
const output = Type.String({ minLength: 1, description: 'Name of an output.' });
const keys = Type.Object({}, { additionalProperties: output, description: 'Name of an output by key. Left out: all.' });

/** Delivers outputs of a dependency into a component. */
export const componentBinding = closed({
  from: Type.String({ minLength: 1, description: 'The name of a dependency.' }),
  secret: Type.Optional(closed({ name: Type.String({ minLength: 1 }), keys: Type.Optional(keys) })),
  configMap: Type.Optional(closed({ name: Type.String({ minLength: 1 }), keys: Type.Optional(keys) })),
  env: Type.Optional(
    Type.Array(
      closed({
        object: objectName,
        container: Type.Optional(Type.String({ description: 'Left out: all containers.' })),
        name: Type.String({ minLength: 1, description: 'Of the variable.' }),
        output,
      }),
      { maxItems: 200 },
    ),
  ),
  serviceAccount: Type.Optional(
    closed({
      name: Type.String({ minLength: 1, description: 'Of a ServiceAccount of the component.' }),
      output: Type.Optional(Type.String({ description: 'Left out: identity.' })),
    }),
  ),
  values: Type.Optional(
    Type.Array(
      closed({ path: Type.String({ minLength: 1, description: 'Of a value of the chart, dotted.' }), output }),
      {
        maxItems: 200,
      },
    ),
  ),
});

/** Sets one field of an object from a parameter or an output. */
export const componentSet = closed({
  object: objectName,
  path: Type.String({
    minLength: 1,
    description: 'Dotted: `spec.replicas`, `spec.template.spec.containers[web].image`.',
  }),
  from: Type.String({ minLength: 1, description: '`parameters.replicas`, or `db.host`: a dependency and an output.' }),
});

/** A part of an app. */
export const component = closed({
  name: Type.String({ pattern: namePattern, description: 'Unique in the app.' }),
  type: Type.Union([Type.Literal('manifests'), Type.Literal('helm')]),
  objects: Type.Optional(
    Type.Array(kubernetesObject, {
      ...mark.manifests,
      minItems: 1,
      maxItems: 2000,
      description:
        'Of manifests: Kubernetes objects. In a file, `files: [path]` reads them from YAML files beside it. { $from: db.host } may stand for a value.',
    }),
  ),
  chart: Type.Optional(
    closed(
      {
        name: Type.String({ minLength: 1, description: 'Of the chart: in the sandbox one of its own.' }),
        repository: Type.Optional(Type.String({ description: 'URL: https:// or oci://.' })),
        version: Type.Optional(Type.String()),
      },
      { description: 'Of helm.' },
    ),
  ),
  values: Type.Optional(valuesByName),
  after: Type.Optional(
    Type.Array(Type.String(), { maxItems: 100, description: 'Components that come first, and go last.' }),
  ),
  bindings: Type.Optional(Type.Array(componentBinding, { maxItems: 100 })),
  set: Type.Optional(Type.Array(componentSet, { maxItems: 200 })),
});

export type Component = Static<typeof component>;
