import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { kindDefaults, kindDefinitions } from './kind-defaults.js';
import { location } from './locations.js';
import { closed, nameOf, nothing, offeredNameOf } from './shapes.js';

export const environmentKind = defineKind({
  name: 'Environment',
  plural: 'Environments',
  docs: 'A place to deploy to, in a project and a tier.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    tier: Type.Optional(nameOf('Tier')),
    runtime: Type.Optional(offeredNameOf('KubernetesRuntime')),
    runtimeDefinition: Type.Optional(offeredNameOf('KubernetesRuntimeDefinition')),
    keepRuntime: Type.Optional(
      Type.Boolean({
        description: 'What was made for this environment stays when the last app leaves. Left out: false.',
      }),
    ),
    account: Type.Optional(offeredNameOf('CloudAccount')),
    location: Type.Optional(location),
    definitions: Type.Optional(kindDefinitions),
    defaults: Type.Optional(kindDefaults),
    variables: Type.Optional(
      Type.Object(
        {},
        { additionalProperties: Type.String(), description: 'Texts by name, for { $from: environment.NAME }.' },
      ),
    ),
    description: Type.Optional(Type.String()),
  }),
  observed: nothing,
  outputs: nothing,
  references: [
    { path: 'tier', kind: 'Tier', scope: 'project' },
    { path: 'runtime', kind: 'KubernetesRuntime', scope: 'project' },
    { path: 'runtimeDefinition', kind: 'KubernetesRuntimeDefinition', scope: 'project' },
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
  ],
  immutable: [],
  lease: null,
  madeBy: 'user',
  audience: 'platform',
  columns: [
    { header: 'TIER', path: 'spec.tier' },
    { header: 'RUNTIME', path: 'spec.runtime' },
  ],
  fixtures: { 1: { tier: 'dev', runtime: 'sandbox', variables: { region: 'eu' } } },
});
