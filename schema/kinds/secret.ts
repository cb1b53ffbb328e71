import { Type } from 'typebox';
import { defineKind, mark } from '../../lib/kind.js';
import { closed, offeredNameOf } from './shapes.js';

/** What an instance may say, and its definition may give. */
export const secretParameters = {
  generate: Type.Optional(
    Type.Array(
      closed({
        key: Type.String({ pattern: '^[-._a-zA-Z0-9]+$' }),
        length: Type.Optional(Type.Integer({ minimum: 8, maximum: 256, description: 'Left out: 32.' })),
      }),
      { maxItems: 100, description: 'Values that are made once, at random, and kept.' },
    ),
  ),
};

export const secretKind = defineKind({
  name: 'Secret',
  plural: 'Secrets',
  docs: 'Values that nobody may read, for those who are bound to them.',
  scope: 'environment',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    definition: Type.Optional(offeredNameOf('SecretDefinition')),
    ...secretParameters,
    values: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: Type.String({ ...mark.secret }),
          description: 'By key. Each goes in once and never comes out.',
        },
      ),
    ),
  }),
  observed: closed({ keys: Type.Optional(Type.Array(Type.String())) }),
  outputs: Type.Object(
    {},
    { additionalProperties: Type.String({ ...mark.secret }), description: 'Each value by its key.' },
  ),
  references: [{ path: 'definition', kind: 'SecretDefinition', scope: 'project' }],
  immutable: [],
  lease: { per: 'shard' },
  madeBy: 'user',
  definedBy: 'SecretDefinition',
  columns: [
    { header: 'DEFINITION', path: 'spec.definition' },
    { header: 'KEYS', path: 'observed.keys' },
  ],
  fixtures: { 1: { values: { token: 'example' }, generate: [{ key: 'salt', length: 64 }] } },
});
