import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, nothing, offeredNameOf, resourceReference } from './shapes.js';

/** What an instance may say, and its definition may give. */
export const gatewayParameters = {
  runtime: Type.Optional(offeredNameOf('KubernetesRuntime')),
  domain: Type.Optional(offeredNameOf('DomainName')),
  subdomain: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9]([-a-z0-9.]{0,200}[a-z0-9])?$',
      description: 'Before the zone of the domain. Left out: its name.',
    }),
  ),
  ports: Type.Optional(
    Type.Array(
      closed({
        port: Type.Integer({ minimum: 1, maximum: 65_535 }),
        protocol: Type.Union([Type.Literal('http'), Type.Literal('https'), Type.Literal('tcp'), Type.Literal('tls')]),
        redirectToHttps: Type.Optional(Type.Boolean()),
      }),
      { minItems: 1, maxItems: 50, description: 'Left out: 80 with http.' },
    ),
  ),
  routes: Type.Optional(
    Type.Array(
      closed({
        path: Type.Optional(Type.String({ pattern: '^/', description: 'Prefix of the path. Left out: /.' })),
        service: Type.String({ minLength: 1, description: 'A Service of the app.' }),
        port: Type.Integer({ minimum: 1, maximum: 65_535, description: 'Of the service.' }),
        listener: Type.Optional(
          Type.Integer({ description: 'The port of the gateway that it is for. Left out: all.' }),
        ),
      }),
      { maxItems: 100 },
    ),
  ),
};

export const gatewayKind = defineKind({
  name: 'Gateway',
  plural: 'Gateways',
  docs: 'How an app is reached from outside its cluster.',
  scope: 'environment',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    definition: Type.Optional(offeredNameOf('GatewayDefinition')),
    ...gatewayParameters,
    namespace: Type.Optional(Type.String({ description: 'Where its routes go. Filled in for what an app owns.' })),
    needs: Type.Optional(Type.Array(resourceReference, { maxItems: 20, description: 'What must be there first.' })),
  }),
  observed: nothing,
  outputs: closed({
    url: Type.Optional(Type.String()),
    host: Type.Optional(Type.String()),
    address: Type.Optional(Type.String({ description: 'Of the load balancer.' })),
  }),
  references: [
    { path: 'definition', kind: 'GatewayDefinition', scope: 'project' },
    { path: 'runtime', kind: 'KubernetesRuntime', scope: 'project' },
    { path: 'domain', kind: 'DomainName', scope: 'project' },
    { path: 'needs[]', kind: '*', scope: 'owner' },
  ],
  immutable: ['runtime'],
  lease: { per: 'shard' },
  madeBy: 'user',
  definedBy: 'GatewayDefinition',
  requiredOnceFilled: ['runtime', 'routes'],
  defaults: { ports: [{ port: 80, protocol: 'http' }] },
  columns: [
    { header: 'DEFINITION', path: 'spec.definition' },
    { header: 'DOMAIN', path: 'spec.domain' },
    { header: 'URL', path: 'outputs.url' },
  ],
  fixtures: {
    1: {
      definition: 'public',
      runtime: 'prod',
      domain: 'example',
      subdomain: 'www',
      ports: [{ port: 443, protocol: 'https' }],
      routes: [{ path: '/', service: 'web', port: 80 }],
    },
  },
});
