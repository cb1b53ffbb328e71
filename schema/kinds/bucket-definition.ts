import { bucketParameters } from './bucket.js';
import { defineDefinition } from './define-definition.js';

export const bucketDefinitionKind = defineDefinition({
  of: 'Bucket',
  parameters: bucketParameters,
  config: {},
  fixture: { defaults: { versioning: true }, guardrails: { allowed: [{ path: 'publicRead', values: [false] }] } },
});
