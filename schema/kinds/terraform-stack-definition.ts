import { defineDefinition } from './define-definition.js';
import { terraformStackParameters } from './terraform-stack.js';

export const terraformStackDefinitionKind = defineDefinition({
  of: 'TerraformStack',
  parameters: terraformStackParameters,
  config: {},
  fixture: { defaults: { module: 'cache', variables: { size: 'small' } } },
});
