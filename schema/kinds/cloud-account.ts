import { Type } from 'typebox';
import { defineKind, mark } from '../../lib/kind.js';
import { location } from './locations.js';
import { closed } from './shapes.js';

export const cloudAccountKind = defineKind({
  name: 'CloudAccount',
  plural: 'CloudAccounts',
  docs: 'An account of a cloud provider, and how to log in to it.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    provider: Type.Union([Type.Literal('sandbox')], { description: 'sandbox: the simulated cloud.' }),
    default: Type.Optional(
      Type.Boolean({ description: 'Used where nothing names an account. At most one in a project.' }),
    ),
    location: Type.Optional(location),
    credentials: Type.Optional(
      closed({
        keyId: Type.String({ minLength: 1 }),
        key: Type.String({ ...mark.secret, description: 'Encrypted, never returned.' }),
      }),
    ),
  }),
  observed: closed({
    identity: Type.Optional(Type.String({ description: 'Who the provider says we are.' })),
    missingActions: Type.Optional(Type.Array(Type.String(), { description: 'What the credentials may not do there.' })),
  }),
  outputs: closed({ accountId: Type.Optional(Type.String({ description: 'What the provider calls it.' })) }),
  references: [],
  immutable: ['provider'],
  lease: { per: 'self' },
  madeBy: 'user',
  audience: 'platform',
  columns: [
    { header: 'PROVIDER', path: 'spec.provider' },
    { header: 'ACCOUNT', path: 'outputs.accountId' },
  ],
  fixtures: {
    1: {
      provider: 'sandbox',
      default: true,
      location: 'europe-frankfurt',
      credentials: { keyId: 'example', key: 'example' },
    },
  },
});
