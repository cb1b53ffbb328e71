import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, nameOf, nothing } from './shapes.js';

export const environmentKind = defineKind({
  name: 'Environment',
  plural: 'Environments',
  docs: 'A place to deploy to, in a project and a tier.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    tier: Type.Optional(nameOf('Tier')),
    runtime: Type.Optional(nameOf('KubernetesRuntime')),
    description: Type.Optional(Type.String()),
  }),
  observed: nothing,
  outputs: nothing,
  references: [
    { path: 'tier', kind: 'Tier', scope: 'project' },
    { path: 'runtime', kind: 'KubernetesRuntime', scope: 'project' },
  ],
  immutable: [],
  lease: null,
  madeBy: 'user',
  columns: [
    { header: 'TIER', path: 'spec.tier' },
    { header: 'RUNTIME', path: 'spec.runtime' },
  ],
  fixtures: { 1: { tier: 'dev', runtime: 'sandbox' } },
});
