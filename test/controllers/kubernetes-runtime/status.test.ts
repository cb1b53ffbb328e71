import test from 'ava';
import { type RuntimeObservation, runtimeStatus } from '../../../controllers/kubernetes-runtime/status.js';

const cases: readonly (readonly [string, RuntimeObservation, string])[] = [
  [
    'a cluster that answers is healthy',
    { type: 'reachable', version: 'v1.36.2', nodes: 3, nodesReady: 2 },
    'Healthy True Available',
  ],
  [
    'a cluster that does not answer is unknown',
    { type: 'unreachable', message: 'connection refused' },
    'Unknown Unknown RuntimeUnreachable',
  ],
  [
    'a cluster that refuses the credential is degraded',
    { type: 'refused', message: 'expired' },
    'Degraded False CredentialRefused',
  ],
  [
    'a cluster that answers with an error is degraded',
    { type: 'failing', isThrottled: false, message: 'HTTP 500' },
    'Degraded False ObjectFailed',
  ],
];

const runtime = { name: 'prod', status: { observed: { version: 'v1.35.0' } } };

for (const [title, observation, expected] of cases) {
  test(`${title}, and says it in its own words`, (t) => {
    const { health, conditions } = runtimeStatus(runtime, observation);
    const [ready] = conditions;
    t.is(`${health} ${ready?.status} ${ready?.reason}`, expected);
    t.true(ready?.message.startsWith('message' in observation ? observation.message : ''));
  });
}

test('tells version, nodes, capacity and the end of the credential', (t) => {
  const seen = {
    version: 'v1.36.2',
    nodes: 3,
    nodesReady: 2,
    capacity: { cpu: 11.5, memory: 2 ** 35, pods: 330 },
    credentialExpiresAt: '2026-02-01T00:00:00.000Z',
  };
  const missingRights = { needed: [], useful: [] };
  const { observed } = runtimeStatus(runtime, { type: 'reachable', ...seen, missingRights });
  t.deepEqual(observed, { ...seen, missingRights: [] });
});

test('what was seen last stays while the cluster cannot be seen', (t) => {
  t.deepEqual(runtimeStatus(runtime, { type: 'unreachable', message: '' }).observed, { version: 'v1.35.0' });
});

test('a refused credential is told with the command that renews it', (t) => {
  const [ready] = runtimeStatus(runtime, { type: 'refused', message: 'It is expired.' }).conditions;
  t.is(ready?.message, 'It is expired. Give it a new one: portolan runtime add prod --renew --kubeconfig PATH');
});

test('rights that are only useful are named, and the runtime stays healthy', (t) => {
  const missingRights = { needed: [], useful: ['list nodes'] };
  const { health, conditions, observed } = runtimeStatus(runtime, { type: 'reachable', version: 'v1', missingRights });
  t.is(health, 'Healthy');
  t.like(conditions[0], { status: 'True', reason: 'MissingRights' });
  t.regex(conditions[0]?.message ?? '', /^The credential may not list nodes\./);
  t.deepEqual(observed.missingRights, ['list nodes']);
});

test('rights that are needed are named, with the command that gives them', (t) => {
  const missingRights = { needed: ['create namespaces'], useful: ['list nodes'] };
  const { health, conditions } = runtimeStatus(runtime, { type: 'reachable', version: 'v1', missingRights });
  t.is(health, 'Degraded');
  t.like(conditions[0], { status: 'False', reason: 'MissingRights' });
  t.regex(
    conditions[0]?.message ?? '',
    /^The credential may not create namespaces, list nodes\. .*portolan runtime add prod --renew/,
  );
});
