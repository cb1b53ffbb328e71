import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, offeredNameOf } from './shapes.js';

/** What an instance may say, and its definition may give. */
export const domainNameParameters = {
  account: Type.Optional(offeredNameOf('CloudAccount')),
  visibility: Type.Optional(Type.Union([Type.Literal('public'), Type.Literal('private')])),
  contact: Type.Optional(Type.String({ description: 'Mail address for those who issue certificates.' })),
};

export const domainNameKind = defineKind({
  name: 'DomainName',
  plural: 'DomainNames',
  docs: 'A DNS zone that names can be put into.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    definition: Type.Optional(offeredNameOf('DomainNameDefinition')),
    ...domainNameParameters,
    zone: Type.String({
      pattern: '^([a-z0-9]([-a-z0-9]*[a-z0-9])?[.])+[a-z]{2,}$',
      description: 'Such as example.com.',
    }),
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: closed({
    zone: Type.Optional(Type.String()),
    account: Type.Optional(Type.String({ description: 'Id of the CloudAccount that it is in.' })),
    nameServers: Type.Optional(Type.Array(Type.String())),
  }),
  references: [
    { path: 'definition', kind: 'DomainNameDefinition', scope: 'project' },
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
  ],
  immutable: ['zone', 'account'],
  lease: { per: 'reference', path: 'account' },
  madeBy: 'user',
  definedBy: 'DomainNameDefinition',
  requiredOnceFilled: ['account'],
  defaults: { account: 'sandbox', visibility: 'public' },
  audience: 'platform',
  columns: [{ header: 'ZONE', path: 'spec.zone' }],
  fixtures: { 1: { definition: 'public', zone: 'example.com', account: 'cloud', visibility: 'public' } },
});
