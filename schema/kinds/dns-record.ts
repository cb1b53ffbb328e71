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
    domain: offeredNameOf('DomainName'),
    subdomain: Type.Optional(
      Type.String({ minLength: 1, description: 'Before the zone of the domain. Left out: the zone itself.' }),
    ),
    target: Type.Unknown({ description: 'An address or a name, or { $output } whose it is.' }),
    bindings: Type.Optional(outputBindings),
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: closed({ host: Type.Optional(Type.String({ description: 'The whole name.' })) }),
  references: [
    { path: 'domain', kind: 'DomainName', scope: 'project' },
    { path: 'bindings[].resource', kind: '*', scope: 'owner' },
  ],
  immutable: ['domain', 'subdomain'],
  lease: { per: 'reference', path: 'domain' },
  madeBy: 'expand',
  columns: [
    { header: 'DOMAIN', path: 'spec.domain' },
    { header: 'HOST', path: 'outputs.host' },
  ],
  fixtures: { 1: { domain: 'example', subdomain: 'www', target: '203.0.113.7' } },
});
