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
    { type: 'failing', message: 'HTTP 500' },
    'Degraded False ObjectFailed',
  ],
];

for (const [title, observation, expected] of cases) {
  test(`${title}, and says it in its own words`, (t) => {
    const { health, conditions } = runtimeStatus(observation);
    const [ready] = conditions;
    t.is(`${health} ${ready?.status} ${ready?.reason}`, expected);
    t.is(ready?.message, 'message' in observation ? observation.message : '');
  });
}

test('tells version and nodes', (t) => {
  const { observed } = runtimeStatus({ type: 'reachable', version: 'v1.36.2', nodes: 3, nodesReady: 2 });
  t.deepEqual(observed, { version: 'v1.36.2', nodes: 3, nodesReady: 2 });
});
