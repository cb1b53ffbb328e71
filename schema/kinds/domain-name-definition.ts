import { defineDefinition } from './define-definition.js';
import { domainNameParameters } from './domain-name.js';

export const domainNameDefinitionKind = defineDefinition({
  of: 'DomainName',
  parameters: domainNameParameters,
  config: {},
  fixture: { defaults: { visibility: 'public' } },
});
