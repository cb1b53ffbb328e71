import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { kindDefaults } from './kind-defaults.js';
import { closed, nothing } from './shapes.js';

export const tierKind = defineKind({
  name: 'Tier',
  plural: 'Tiers',
  docs: 'A class of criticality, such as dev or prod, with its rules.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    order: Type.Integer({ minimum: 0, maximum: 1000, description: 'Releases move from lower to higher.' }),
    description: Type.Optional(Type.String()),
    allowedDefinitions: Type.Optional(
      Type.Array(
        closed({ kind: Type.String({ minLength: 1 }), definitions: Type.Array(Type.String(), { maxItems: 100 }) }),
        {
          maxItems: 50,
          description: 'Which definitions may be used in this tier, by kind. A kind that is not listed: all.',
        },
      ),
    ),
    defaults: Type.Optional(kindDefaults),
  }),
  observed: nothing,
  outputs: nothing,
  references: [],
  immutable: [],
  lease: null,
  madeBy: 'user',
  audience: 'platform',
  columns: [{ header: 'ORDER', path: 'spec.order' }],
  fixtures: { 1: { order: 10, description: 'Where changes are tried first.' } },
});
