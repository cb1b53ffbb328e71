import { Type } from 'typebox';
import { mark } from '../../lib/kind.js';
import { defineDefinition } from './define-definition.js';
import { kubernetesObject } from './shapes.js';
import { supportServiceParameters } from './support-service.js';

export const supportServiceDefinitionKind = defineDefinition({
  of: 'SupportService',
  parameters: supportServiceParameters,
  config: {
    service: Type.Optional(Type.String({ description: 'Which service it defines: `gateway`.' })),
    objects: Type.Optional(
      Type.Array(kubernetesObject, {
        ...mark.manifests,
        maxItems: 500,
        description: 'What is installed, in the place of what is built in.',
      }),
    ),
  },
  fixture: { defaults: { version: '1.0.0' }, service: 'gateway' },
});
