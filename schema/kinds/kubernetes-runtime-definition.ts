import { defineDefinition } from './define-definition.js';
import { kubernetesRuntimeParameters } from './kubernetes-runtime.js';

export const kubernetesRuntimeDefinitionKind = defineDefinition({
  of: 'KubernetesRuntime',
  parameters: kubernetesRuntimeParameters,
  config: {},
  fixture: { defaults: { nodeSize: 'medium', nodes: 2 }, guardrails: { maxima: [{ path: 'nodes', maximum: 10 }] } },
});
