import test from 'ava';
import { runtimeText } from '../../../cli/output/runtime-text.js';
import type { ResourceRowFragment } from '../../../sdk/generated/operations.js';

const nowMs = Date.parse('2026-01-10T00:00:00Z');
const since = '2026-01-07T00:00:00.000Z';
const status = {
  observedGeneration: 1,
  version: 1,
  health: 'Healthy' as const,
  isSettled: true,
  reason: 'Available',
  message: '',
  since,
  observed: {
    version: 'v1.36.2',
    nodes: 3,
    nodesReady: 2,
    capacity: { cpu: 11.5, memory: 48 * 2 ** 30, pods: 330 },
    credentialExpiresAt: '2026-02-01T00:00:00.000Z',
    missingRights: [],
  },
  conditions: [],
  outputs: [],
};
const account = 'portolan-prod-0123456789';
const runtime: ResourceRowFragment = {
  id: '11111111-1111-4111-8111-111111111111',
  kind: 'KubernetesRuntime',
  name: 'prod',
  projectId: null,
  environmentId: null,
  ownerId: null,
  owner: null,
  project: { name: 'default' },
  environment: null,
  labels: {},
  generation: 1,
  version: 1,
  createdAt: since,
  updatedAt: since,
  deletionRequestedAt: null,
  isOnDemand: false,
  document: {
    provider: 'kubeconfig',
    default: true,
    cluster: { server: 'https://203.0.113.7:6443', serviceAccount: { namespace: account, name: account } },
  },
  status,
};
const options = { terminal: { width: null, hasColour: false }, nowMs };
const nothing = { instances: [], events: [] };

test('a runtime reads like a page', (t) => {
  const shop = { ...runtime, kind: 'AppInstance', name: 'shop', environment: { name: 'dev' } } as ResourceRowFragment;
  t.deepEqual(runtimeText(runtime, { ...nothing, instances: [shop] }, options), [
    'Runtime prod',
    '  Health:     Healthy',
    '  Reachable:  yes, since 2026-01-07T00:00:00.000Z (3d)',
    '  Project:    default',
    '  Provider:   kubeconfig, the default',
    '  Server:     https://203.0.113.7:6443',
    '  Version:    v1.36.2',
    '  Nodes:      3, 2 ready',
    '  Capacity:   11.5 cores, 48.0 GiB of memory, 330 pods',
    `  Credential: of the service account ${account}/${account}; good until 2026-02-01T00:00:00.000Z (22 days left); renewed before`,
    '  Rights:     all that are needed',
    '  Id:         11111111-1111-4111-8111-111111111111',
    '',
    'On it (1):',
    '  APP INSTANCE  ENVIRONMENT  HEALTH   MESSAGE',
    '  shop          dev          Healthy',
  ]);
});

for (const [title, changed, says] of [
  [
    'that cannot be reached',
    { health: 'Unknown', reason: 'RuntimeUnreachable', message: 'No answer.' },
    /Reachable: {2}no, since 2026-01-07.* \(3d\); nothing is deleted meanwhile\n {2}Why: {8}No answer\./,
  ],
  [
    'that refuses the credential',
    { health: 'Degraded', reason: 'CredentialRefused', message: 'Expired.' },
    /Reachable: {2}it answers, and refuses the credential, since/,
  ],
  [
    'that lacks rights',
    { observed: { missingRights: ['list nodes', 'create every kind'] } },
    /Rights: {5}missing: list nodes, create every kind/,
  ],
  ['that nobody has looked at', { since: null, observed: {} }, /Reachable: {2}not known yet/],
  ['whose token is over', { observed: { credentialExpiresAt: since } }, /good until 2026-01-07\S+ \(over\)/],
] as const) {
  test(`a runtime ${title} says so`, (t) => {
    const seen = { ...runtime, status: { ...status, ...changed } as ResourceRowFragment['status'] };
    t.regex(runtimeText(seen, nothing, options).join('\n'), says);
  });
}

test('a credential that was given says that nobody renews it, and a simulated cluster has none', (t) => {
  const given = { ...runtime, document: { provider: 'kubeconfig', cluster: { server: 'https://203.0.113.7' } } };
  t.regex(runtimeText(given, nothing, options).join('\n'), /Credential: as it was given; .*; nobody renews it/);
  const simulated = runtimeText({ ...runtime, document: { provider: 'sandbox' } }, nothing, options).join('\n');
  t.notRegex(simulated, /Credential/);
});
