import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { appDependency } from './app-dependency.js';
import { appParameter } from './app-parameter.js';
import { component } from './component.js';
import { objectPolicy } from './object-policy.js';
import { closed, nothing } from './shapes.js';

export const appKind = defineKind({
  name: 'App',
  plural: 'Apps',
  docs: 'What may be deployed: components and all that they need. Every change makes a new release.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    description: Type.Optional(Type.String()),
    parameters: Type.Optional(
      Type.Array(appParameter, { maxItems: 100, description: 'What an instance may choose, and within which limits.' }),
    ),
    dependencies: Type.Optional(
      Type.Array(appDependency, { maxItems: 100, description: 'What it needs beside its components.' }),
    ),
    components: Type.Array(component, { minItems: 1, maxItems: 100 }),
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
      parameters: [{ name: 'size', type: 'enum', values: ['small', 'large'], default: 'small' }],
      dependencies: [
        { name: 'db', kind: 'Database', definition: 'small', spec: { size: { $from: 'parameters.size' } } },
      ],
      components: [
        {
          name: 'web',
          type: 'manifests',
          objects: [
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: 'hello' },
              data: { hello: 'world', database: { $from: 'db.host' } },
            },
          ],
        },
      ],
    },
  },
});
