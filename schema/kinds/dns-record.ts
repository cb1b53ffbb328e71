import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, offeredNameOf, outputBindings } from './shapes.js';

export const dnsRecordKind = defineKind({
  name: 'DnsRecord',
  plural: 'DnsRecords',
  docs: 'A name in a zone, for a gateway.',
  scope: 'owner',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    account: offeredNameOf('CloudAccount'),
    domain: offeredNameOf('DomainName'),
    host: Type.String({ minLength: 1, description: 'The whole name.' }),
    target: Type.Unknown({ description: 'An address or a name, or whose output it is.' }),
    bindings: Type.Optional(outputBindings),
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: closed({ host: Type.Optional(Type.String()) }),
  references: [
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
    { path: 'domain', kind: 'DomainName', scope: 'project' },
    { path: 'bindings[].resource', kind: '*', scope: 'owner' },
  ],
  immutable: ['account', 'domain', 'host'],
  lease: { per: 'reference', path: 'account' },
  madeBy: 'expand',
  columns: [{ header: 'HOST', path: 'spec.host' }],
  fixtures: { 1: { account: 'cloud', domain: 'example', host: 'www.example.com', target: '203.0.113.7' } },
});
