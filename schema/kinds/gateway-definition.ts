import { Type } from 'typebox';
import { defineDefinition } from './define-definition.js';
import { gatewayParameters } from './gateway.js';

export const gatewayDefinitionKind = defineDefinition({
  of: 'Gateway',
  parameters: gatewayParameters,
  config: {
    className: Type.Optional(Type.String({ description: 'Of the GatewayClass. Left out: portolan.' })),
  },
  fixture: { defaults: { ports: [{ port: 80, protocol: 'http' }] }, className: 'public' },
});
