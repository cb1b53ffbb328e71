import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { objectPolicy } from './object-policy.js';
import { closed, kindSpec, offeredNameOf, resourceReference } from './shapes.js';

export const appInstanceKind = defineKind({
  name: 'AppInstance',
  plural: 'AppInstances',
  docs: 'One app in one environment.',
  scope: 'environment',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    app: offeredNameOf('App'),
    release: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'Number of the release. Filled in with the newest one when left out at creation.',
      }),
    ),
    runtime: Type.Optional(offeredNameOf('KubernetesRuntime')),
    parameters: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: true,
          description: 'Of the app, by name. A value, or { $output: { from: ResourceReference, output } }.',
        },
      ),
    ),
    dependencies: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: closed({
            definition: Type.Optional(offeredNameOf('definition of that kind')),
            spec: Type.Optional(kindSpec),
            shared: Type.Optional(resourceReference),
          }),
          description: 'What this instance wants otherwise, by the name of the dependency.',
        },
      ),
    ),
    policy: Type.Optional(objectPolicy),
  }),
  observed: closed({
    componentsReady: Type.Integer({ minimum: 0 }),
    components: Type.Integer({ minimum: 0 }),
  }),
  outputs: closed({
    url: Type.Optional(Type.String({ description: 'Where the app answers, in the cluster or outside.' })),
  }),
  references: [
    { path: 'app', kind: 'App', scope: 'project' },
    { path: 'runtime', kind: 'KubernetesRuntime', scope: 'project' },
  ],
  immutable: ['app'],
  lease: { per: 'shard' },
  madeBy: 'user',
  columns: [
    { header: 'APP', path: 'spec.app' },
    { header: 'RELEASE', path: 'spec.release' },
    { header: 'RUNTIME', path: 'spec.runtime' },
    { header: 'URL', path: 'outputs.url', wide: true },
  ],
  fixtures: { 1: { app: 'wordpress', release: 3, runtime: 'prod', parameters: { size: 'small' } } },
});
