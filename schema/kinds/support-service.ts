import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, nothing, offeredNameOf } from './shapes.js';

/** What an instance may say, and its definition may give. */
export const supportServiceParameters = {
  version: Type.Optional(Type.String()),
  keep: Type.Optional(Type.Boolean({ description: 'Stays when the last that needs it leaves.' })),
};

export const supportServiceKind = defineKind({
  name: 'SupportService',
  plural: 'SupportServices',
  docs: 'What a runtime needs for others to work: gateways, certificates, metrics. Installed once, when first needed.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    definition: Type.Optional(offeredNameOf('SupportServiceDefinition')),
    ...supportServiceParameters,
    service: Type.Union(
      [
        Type.Literal('gateway'),
        Type.Literal('certificates'),
        Type.Literal('dns'),
        Type.Literal('secrets'),
        Type.Literal('metrics'),
        Type.Literal('logs'),
        Type.Literal('autoscaler'),
      ],
      { description: 'What it is for.' },
    ),
    runtime: offeredNameOf('KubernetesRuntime'),
  }),
  observed: nothing,
  outputs: closed({ url: Type.Optional(Type.String({ description: 'Where it answers, where it does.' })) }),
  references: [
    { path: 'definition', kind: 'SupportServiceDefinition', scope: 'project' },
    { path: 'runtime', kind: 'KubernetesRuntime', scope: 'project' },
  ],
  immutable: ['service', 'runtime'],
  lease: { per: 'shard' },
  madeBy: 'user',
  definedBy: 'SupportServiceDefinition',
  audience: 'platform',
  columns: [
    { header: 'SERVICE', path: 'spec.service' },
    { header: 'RUNTIME', path: 'spec.runtime' },
    { header: 'VERSION', path: 'spec.version' },
  ],
  fixtures: { 1: { service: 'gateway', runtime: 'prod', version: '1.0.0' } },
});
