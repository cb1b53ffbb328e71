import { Type } from 'typebox';
import { mark } from '../../lib/kind.js';
import { defineDefinition } from './define-definition.js';
import { managedServiceParameters } from './managed-service.js';
import { closed } from './shapes.js';

export const managedServiceDefinitionKind = defineDefinition({
  of: 'ManagedService',
  parameters: managedServiceParameters,
  config: {
    service: Type.String({ minLength: 1, description: 'What the provider calls it: `search`.' }),
    outputs: Type.Optional(
      Type.Array(
        closed({
          name: Type.String({ pattern: '^[a-zA-Z][-_a-zA-Z0-9]*$' }),
          path: Type.String({ minLength: 1, description: 'Where it stands in the answer of the provider, dotted.' }),
          secret: Type.Optional(Type.Boolean()),
        }),
        { maxItems: 100 },
      ),
    ),
    token: Type.Optional(Type.String({ ...mark.secret, description: 'To log in with. Encrypted, never returned.' })),
  },
  fixture: {
    service: 'search',
    defaults: { plan: 'small' },
    outputs: [{ name: 'url', path: 'endpoint.url' }],
    token: 'example',
  },
});
