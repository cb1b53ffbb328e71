import { defineDefinition } from './define-definition.js';
import { secretParameters } from './secret.js';

export const secretDefinitionKind = defineDefinition({
  of: 'Secret',
  parameters: secretParameters,
  config: {},
  fixture: { defaults: { generate: [{ key: 'password' }] } },
});
