import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { location } from './locations.js';
import { closed, nameOf, offeredNameOf } from './shapes.js';

export const cloudClusterKind = defineKind({
  name: 'CloudCluster',
  plural: 'CloudClusters',
  docs: 'A managed Kubernetes cluster in a cloud account.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    account: offeredNameOf('CloudAccount'),
    location,
    network: nameOf('Network'),
    version: Type.Optional(Type.String({ description: 'Of Kubernetes: `1.36`. Left out: the newest.' })),
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: closed({
    endpoint: Type.Optional(Type.String({ description: 'URL of its API server.' })),
    version: Type.Optional(Type.String()),
    cluster: Type.Optional(Type.String({ description: 'By what name it is reached in the sandbox.' })),
    location: Type.Optional(Type.String({ description: 'Where its machines are too.' })),
  }),
  references: [
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
    { path: 'network', kind: 'Network', scope: 'project' },
  ],
  immutable: ['account', 'location', 'network'],
  lease: { per: 'reference', path: 'account' },
  madeBy: 'user',
  audience: 'platform',
  columns: [
    { header: 'ACCOUNT', path: 'spec.account' },
    { header: 'LOCATION', path: 'spec.location' },
    { header: 'VERSION', path: 'outputs.version' },
  ],
  fixtures: { 1: { account: 'cloud', location: 'europe-frankfurt', network: 'dev', version: '1.36' } },
});
