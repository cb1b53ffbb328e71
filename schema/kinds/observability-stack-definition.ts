import { defineDefinition } from './define-definition.js';
import { observabilityStackParameters } from './observability-stack.js';

export const observabilityStackDefinitionKind = defineDefinition({
  of: 'ObservabilityStack',
  parameters: observabilityStackParameters,
  config: {},
  fixture: { defaults: { metrics: true, logs: true } },
});
