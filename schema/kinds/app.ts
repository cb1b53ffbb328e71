import { Type } from 'typebox';
import { defineKind, mark } from '../../lib/kind.js';
import { namePattern } from '../../lib/names.js';
import { objectPolicy } from './object-policy.js';
import { closed, kubernetesObject, nothing } from './shapes.js';

/** A component whose objects are given as they are. */
export const manifestsComponent = closed({
  name: Type.String({ pattern: namePattern, description: 'Unique in the app.' }),
  type: Type.Literal('manifests'),
  objects: Type.Array(kubernetesObject, {
    ...mark.manifests,
    minItems: 1,
    maxItems: 2000,
    description: 'Kubernetes objects. In a file, `files: [path]` reads them from YAML files beside it.',
  }),
});

export const appKind = defineKind({
  name: 'App',
  plural: 'Apps',
  docs: 'What may be deployed: components and all that they need. Every change makes a new release.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    description: Type.Optional(Type.String()),
    components: Type.Array(manifestsComponent, { minItems: 1, maxItems: 100 }),
    policy: Type.Optional(objectPolicy),
  }),
  observed: nothing,
  outputs: nothing,
  references: [],
  immutable: [],
  lease: null,
  madeBy: 'user',
  columns: [{ header: 'DESCRIPTION', path: 'spec.description' }],
  fixtures: {
    1: {
      description: 'Says hello.',
      components: [
        {
          name: 'web',
          type: 'manifests',
          objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hello' }, data: { hello: 'world' } }],
        },
      ],
    },
  },
});
