import { Type } from 'typebox';
import { defineKind, mark, refused } from '../../lib/kind.js';
import { location } from './locations.js';
import { closed, nothing, offeredNameOf } from './shapes.js';
import { size } from './sizes.js';

/** What a kubeconfig may hold, and only the machine that it belongs to can use. */
const ofOneMachine = [
  'exec',
  'auth-provider',
  'authProvider',
  'user',
  'users',
  'clusters',
  'contexts',
  'kubeconfig',
  'tokenFile',
  'token-file',
  'client-certificate',
  'client-key',
  'certificate-authority',
];

const useRuntimeAdd =
  'The plane has no programs, files or kubeconfig of your machine. Register the cluster from there, with: portolan runtime add NAME --kubeconfig PATH';

/** What a runtime that is made in a cloud account may be, and its definition may give. */
export const kubernetesRuntimeParameters = {
  account: Type.Optional(offeredNameOf('CloudAccount')),
  location: Type.Optional(location),
  version: Type.Optional(Type.String({ pattern: '^[0-9]+[.][0-9]+$', description: 'Of Kubernetes: `1.36`.' })),
  nodeSize: Type.Optional(size),
  nodes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'How many machines.' })),
};

export const kubernetesRuntimeKind = defineKind({
  name: 'KubernetesRuntime',
  plural: 'KubernetesRuntimes',
  docs: 'A Kubernetes cluster that apps can be deployed to.',
  scope: 'project',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    provider: Type.Union([Type.Literal('sandbox'), Type.Literal('kubeconfig'), Type.Literal('cloud')], {
      description:
        'sandbox: simulated, nothing to install. kubeconfig: any cluster that is there already. cloud: made in a cloud account.',
    }),
    definition: Type.Optional(offeredNameOf('KubernetesRuntimeDefinition')),
    ...kubernetesRuntimeParameters,
    default: Type.Optional(
      Type.Boolean({ description: 'Used where nothing names a runtime. At most one in a project.' }),
    ),
    cluster: Type.Optional(
      closed(
        {
          server: Type.String({ pattern: '^https?://', description: 'URL of the API server.' }),
          certificateAuthority: Type.Optional(
            Type.String({ description: 'PEM, of the CA that signed its certificate.' }),
          ),
          insecureSkipTlsVerify: Type.Optional(Type.Boolean()),
          tlsServerName: Type.Optional(
            Type.String({ description: 'The name to expect in its certificate, if not the host.' }),
          ),
          token: Type.Optional(
            Type.String({ ...mark.secret, description: 'A bearer token. Encrypted, never returned.' }),
          ),
          clientCertificate: Type.Optional(Type.String({ description: 'PEM.' })),
          clientKey: Type.Optional(Type.String({ ...mark.secret, description: 'PEM. Encrypted, never returned.' })),
          serviceAccount: Type.Optional(
            closed(
              {
                namespace: Type.String({ description: 'Made for this registration; goes with it.' }),
                name: Type.String(),
              },
              { description: 'Whose token it is. With it the token is renewed before it expires.' },
            ),
          ),
        },
        {
          description: 'Where the cluster is and how to log in; required with provider kubeconfig.',
          ...refused(ofOneMachine, useRuntimeAdd),
        },
      ),
    ),
  }),
  observed: closed({
    version: Type.Optional(Type.String({ description: 'Of the API server: `v1.36.2`.' })),
    nodes: Type.Optional(Type.Integer({ minimum: 0 })),
    nodesReady: Type.Optional(Type.Integer({ minimum: 0 })),
    capacity: Type.Optional(
      closed(
        {
          cpu: Type.Number({ description: 'In cores.' }),
          memory: Type.Number({ description: 'In bytes.' }),
          pods: Type.Integer(),
        },
        { description: 'What its nodes have for pods, summed.' },
      ),
    ),
    credentialExpiresAt: Type.Optional(
      Type.String({ description: 'Of the token it is reached with now. Absent: it does not expire, or nobody knows.' }),
    ),
    missingRights: Type.Optional(
      Type.Array(Type.String(), {
        description: 'What the credential may not do there, such as `list nodes`. Absent: not known.',
      }),
    ),
  }),
  outputs: nothing,
  references: [
    { path: 'definition', kind: 'KubernetesRuntimeDefinition', scope: 'project' },
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
  ],
  immutable: ['provider', 'account', 'location'],
  lease: { per: 'self' },
  madeBy: 'user',
  definedBy: 'KubernetesRuntimeDefinition',
  layeredWhere: { path: 'provider', value: 'cloud' },
  audience: 'platform',
  columns: [
    { header: 'PROVIDER', path: 'spec.provider' },
    { header: 'VERSION', path: 'observed.version' },
    { header: 'NODES', path: 'observed.nodes' },
    { header: 'READY', path: 'observed.nodesReady' },
    { header: 'EXPIRES', path: 'observed.credentialExpiresAt', wide: true },
    { header: 'SERVER', path: 'spec.cluster.server', wide: true },
  ],
  fixtures: {
    1: { provider: 'kubeconfig', default: true, cluster: { server: 'https://203.0.113.7:6443', token: 'example' } },
  },
});
