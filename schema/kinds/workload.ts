import { Type } from 'typebox';
import { defineKind, mark } from '../../lib/kind.js';
import { namePattern } from '../../lib/names.js';
import { objectPolicy } from './object-policy.js';
import { closed, kubernetesObject, offeredNameOf, outputBindings, resourceReference, valuesByName } from './shapes.js';

export const workloadKind = defineKind({
  name: 'Workload',
  plural: 'Workloads',
  docs: 'What a component of an app becomes in an environment: Kubernetes objects on one runtime.',
  scope: 'owner',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    runtime: offeredNameOf('KubernetesRuntime'),
    app: Type.String({
      description: 'What its objects are labelled with as their name: the app, or what else owns it.',
    }),
    instance: Type.String({ pattern: namePattern, description: 'The name of the app instance it belongs to.' }),
    release: Type.Integer({ minimum: 1 }),
    component: Type.String({ pattern: namePattern }),
    namespace: Type.String({
      pattern: namePattern,
      description: 'Where its namespaced objects go unless they name one.',
    }),
    after: Type.Array(Type.String(), {
      description: 'Workloads of the same app instance that come first, and go last.',
    }),
    needs: Type.Optional(
      Type.Array(resourceReference, { maxItems: 100, description: 'What else comes first, and goes last.' }),
    ),
    bindings: Type.Optional(outputBindings),
    objects: Type.Array(kubernetesObject, { ...mark.manifests }),
    chart: Type.Optional(
      closed({
        name: Type.String({ minLength: 1 }),
        repository: Type.Optional(Type.String()),
        version: Type.Optional(Type.String()),
        values: Type.Optional(valuesByName),
      }),
    ),
    policy: Type.Optional(objectPolicy),
  }),
  observed: closed({
    objects: Type.Integer({ minimum: 0 }),
    objectsHealthy: Type.Integer({ minimum: 0 }),
  }),
  outputs: closed({
    address: Type.Optional(Type.String({ description: 'Of the first gateway that has one.' })),
    url: Type.Optional(Type.String({ description: 'Of the first service with a port, in the cluster or outside.' })),
  }),
  references: [
    { path: 'runtime', kind: 'KubernetesRuntime', scope: 'project' },
    { path: 'after[]', kind: 'Workload', scope: 'owner' },
    { path: 'needs[]', kind: '*', scope: 'owner' },
    { path: 'bindings[].resource', kind: '*', scope: 'owner' },
  ],
  immutable: ['runtime', 'namespace', 'app', 'instance', 'component'],
  lease: { per: 'reference', path: 'runtime' },
  madeBy: 'expand',
  columns: [
    { header: 'RUNTIME', path: 'spec.runtime' },
    { header: 'NAMESPACE', path: 'spec.namespace' },
    { header: 'OBJECTS', path: 'observed.objects' },
  ],
  fixtures: {
    1: {
      runtime: 'prod',
      app: 'hello',
      instance: 'hello',
      release: 1,
      component: 'web',
      namespace: 'hello-3f2a91c07b',
      after: ['namespace'],
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hello' }, data: { hello: 'world' } }],
    },
  },
});
