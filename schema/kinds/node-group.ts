import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, nameOf, offeredNameOf } from './shapes.js';
import { size } from './sizes.js';

export const nodeGroupKind = defineKind({
  name: 'NodeGroup',
  plural: 'NodeGroups',
  docs: 'Machines of one size for a cluster.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    account: offeredNameOf('CloudAccount'),
    cluster: nameOf('CloudCluster'),
    size,
    nodes: Type.Integer({ minimum: 0, maximum: 1000, description: 'How many.' }),
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: closed({ nodes: Type.Optional(Type.Integer({ description: 'How many there are.' })) }),
  references: [
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
    { path: 'cluster', kind: 'CloudCluster', scope: 'project' },
  ],
  immutable: ['account', 'cluster'],
  lease: { per: 'reference', path: 'account' },
  madeBy: 'user',
  audience: 'platform',
  columns: [
    { header: 'CLUSTER', path: 'spec.cluster' },
    { header: 'SIZE', path: 'spec.size' },
    { header: 'NODES', path: 'spec.nodes' },
  ],
  fixtures: { 1: { account: 'cloud', cluster: 'dev', size: 'medium', nodes: 2 } },
});
