import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, nothing, resourceReference } from './shapes.js';

export const offerKind = defineKind({
  name: 'Offer',
  plural: 'Offers',
  docs: 'Opens a resource of its project to other projects, which may then refer to it.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    description: Type.Optional(Type.String()),
    resource: resourceReference,
    projects: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      maxItems: 500,
      description: 'The names of the projects that may refer to it; * for all.',
    }),
  }),
  observed: nothing,
  outputs: nothing,
  references: [{ path: 'resource', kind: '*', scope: 'project' }],
  immutable: ['resource'],
  lease: null,
  madeBy: 'user',
  audience: 'platform',
  columns: [
    { header: 'KIND', path: 'spec.resource.kind' },
    { header: 'OFFERS', path: 'spec.resource.name' },
    { header: 'TO', path: 'spec.projects' },
  ],
  fixtures: {
    1: { resource: { kind: 'KubernetesRuntime', name: 'prod', scope: 'project' }, projects: ['team-a'] },
  },
});
