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
  t.deepEqual(rollUp([]), { health: 'Healthy', reason: 'Available', message: '', healthy: 0, total: 0 });
});

test('a whole is as healthy as its worst part, and says which and why', (t) => {
  const whole = rollUp([
    part('Deployment/web', 'Progressing', 'Progressing', '1 of 2 ready'),
    part('StatefulSet/db', 'Degraded', 'ImagePullFailed', 'cannot pull mariadb:nope'),
    part('Service/db', 'Healthy'),
  ]);
  t.is(whole.health, 'Degraded');
  t.is(whole.reason, 'ImagePullFailed');
  t.is(whole.message, 'StatefulSet/db: cannot pull mariadb:nope (and 1 more not healthy)');
  t.is(whole.healthy, 1);
  t.is(whole.total, 3);
});

test('a part without words of its own is described by its health', (t) => {
  t.is(rollUp([part('PVC/data', 'Missing')]).message, 'PVC/data: missing');
});
