import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, offeredNameOf, valuesByName } from './shapes.js';

/** What an instance may say, and its definition may give. */
export const managedServiceParameters = {
  account: Type.Optional(offeredNameOf('CloudAccount')),
  plan: Type.Optional(Type.String({ description: 'What its provider calls the size of it.' })),
  parameters: Type.Optional(valuesByName),
};

export const managedServiceKind = defineKind({
  name: 'ManagedService',
  plural: 'ManagedServices',
  docs: 'A service that somebody else runs, such as search or mail.',
  scope: 'environment',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    definition: Type.Optional(offeredNameOf('ManagedServiceDefinition')),
    ...managedServiceParameters,
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: Type.Object({}, { additionalProperties: true, description: 'As its definition lists them.' }),
  references: [
    { path: 'definition', kind: 'ManagedServiceDefinition', scope: 'project' },
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
  ],
  immutable: ['account'],
  lease: { per: 'reference', path: 'account' },
  madeBy: 'user',
  definedBy: 'ManagedServiceDefinition',
  requiredOnceFilled: ['account', 'definition'],
  defaults: { account: 'sandbox' },
  columns: [
    { header: 'DEFINITION', path: 'spec.definition' },
    { header: 'PLAN', path: 'spec.plan' },
  ],
  fixtures: { 1: { definition: 'search', account: 'cloud', plan: 'small', parameters: { shards: 1 } } },
});
