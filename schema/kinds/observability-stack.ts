import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, nothing, offeredNameOf } from './shapes.js';

/** What an instance may say, and its definition may give. */
export const observabilityStackParameters = {
  runtime: Type.Optional(offeredNameOf('KubernetesRuntime')),
  metrics: Type.Optional(Type.Boolean()),
  logs: Type.Optional(Type.Boolean()),
};

export const observabilityStackKind = defineKind({
  name: 'ObservabilityStack',
  plural: 'ObservabilityStacks',
  docs: 'Metrics, logs and dashboards of a runtime, for those who run apps there.',
  scope: 'environment',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    definition: Type.Optional(offeredNameOf('ObservabilityStackDefinition')),
    ...observabilityStackParameters,
  }),
  observed: nothing,
  outputs: closed({
    metricsUrl: Type.Optional(Type.String()),
    logsUrl: Type.Optional(Type.String()),
  }),
  references: [
    { path: 'definition', kind: 'ObservabilityStackDefinition', scope: 'project' },
    { path: 'runtime', kind: 'KubernetesRuntime', scope: 'project' },
  ],
  immutable: ['runtime'],
  lease: { per: 'shard' },
  madeBy: 'user',
  definedBy: 'ObservabilityStackDefinition',
  requiredOnceFilled: ['runtime'],
  defaults: { metrics: true, logs: true },
  columns: [
    { header: 'DEFINITION', path: 'spec.definition' },
    { header: 'RUNTIME', path: 'spec.runtime' },
  ],
  fixtures: { 1: { definition: 'full', runtime: 'prod', metrics: true, logs: true } },
});
