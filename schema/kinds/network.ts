import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { location } from './locations.js';
import { closed, offeredNameOf } from './shapes.js';

export const networkKind = defineKind({
  name: 'Network',
  plural: 'Networks',
  docs: 'A private network in a cloud account.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    account: offeredNameOf('CloudAccount'),
    location,
    cidr: Type.Optional(
      Type.String({ pattern: '^[0-9.]+/[0-9]+$', description: 'Its addresses. Left out: 10.0.0.0/16.' }),
    ),
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: closed({
    networkId: Type.Optional(Type.String()),
    subnetIds: Type.Optional(Type.Array(Type.String())),
  }),
  references: [{ path: 'account', kind: 'CloudAccount', scope: 'project' }],
  immutable: ['account', 'location', 'cidr'],
  lease: { per: 'reference', path: 'account' },
  madeBy: 'user',
  audience: 'platform',
  columns: [
    { header: 'ACCOUNT', path: 'spec.account' },
    { header: 'LOCATION', path: 'spec.location' },
    { header: 'CIDR', path: 'spec.cidr' },
  ],
  fixtures: { 1: { account: 'cloud', location: 'europe-frankfurt', cidr: '10.0.0.0/16' } },
});
