import test from 'ava';
import type { Health, Reason } from '../../lib/health.js';
import { rollUp } from '../../model/roll-up.js';

const part = (name: string, health: Health, reason: Reason | null = null, message = '') => ({
  name,
  health,
  reason,
  message,
});

test('a whole without parts is healthy', (t) => {
  t.deepEqual(rollUp([], 'object'), { health: 'Healthy', reason: 'Available', message: '', healthy: 0, total: 0 });
});

test('a whole is as healthy as its worst part, and says which and why', (t) => {
  const whole = rollUp(
    [
      part('Deployment/web', 'Progressing', 'Progressing', '1 of 2 ready'),
      part('StatefulSet/db', 'Degraded', 'ImagePullFailed', 'cannot pull mariadb:nope'),
      part('Service/db', 'Healthy'),
    ],
    'object',
  );
  t.is(whole.health, 'Degraded');
  t.is(whole.reason, 'ImagePullFailed');
  t.is(whole.message, 'StatefulSet/db: cannot pull mariadb:nope (1 more object is not healthy)');
  t.is(whole.healthy, 1);
  t.is(whole.total, 3);
});

test('a part without words of its own is described by its health', (t) => {
  t.is(rollUp([part('PVC/data', 'Missing')], 'object').message, 'PVC/data: missing');
});

test('equally bad parts give the same text in whatever order they come', (t) => {
  const parts = [
    part('web', 'Degraded', 'CrashLoop', 'exits'),
    part('cache', 'Degraded', 'ImagePullFailed', 'cannot pull'),
    part('mail', 'Unknown'),
    part('db', 'Healthy'),
  ];
  const whole = rollUp(parts, 'component');
  t.is(whole.message, 'cache: cannot pull (2 more components are not healthy)');
  t.deepEqual(rollUp(parts.toReversed(), 'component'), whole);
});

test('what keeps others waiting is told of before them', (t) => {
  const whole = rollUp(
    [
      part('api', 'Progressing', 'WaitingForDependency', 'Waiting for Workload namespace.'),
      part('namespace', 'Progressing', 'Pending', 'Namespace/shop: it is being created'),
    ],
    'component',
  );
  t.is(whole.message, 'namespace: Namespace/shop: it is being created (1 more component is not healthy)');
});
