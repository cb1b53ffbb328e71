import { databaseParameters } from './database.js';
import { defineDefinition } from './define-definition.js';

export const databaseDefinitionKind = defineDefinition({
  of: 'Database',
  parameters: databaseParameters,
  config: {},
  fixture: {
    defaults: { engine: 'postgres', size: 'small', storageGb: 20 },
    guardrails: { maxima: [{ path: 'storageGb', maximum: 100 }] },
  },
});
