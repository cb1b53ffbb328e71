import test from 'ava';
import { stackStatus } from '../../../controllers/observability-stack/status.js';
import type { Health } from '../../../lib/health.js';
import type { ReferenceView } from '../../../sdk/resource.js';

function service(path: string, health: Health, url: string): ReferenceView {
  return {
    path: `~${path}`,
    id: path,
    kind: 'SupportService',
    name: `prod-${path}`,
    isSettled: health === 'Healthy',
    health,
    outputs: { url: { value: url, version: 1 } },
  };
}

test('a stack is as well as its services, and says where they answer', (t) => {
  const references = [service('metrics', 'Healthy', 'http://metrics'), service('logs', 'Degraded', 'http://logs')];
  const report = stackStatus({ references, deletionRequestedAt: null });
  t.is(report.health, 'Degraded');
  t.is(report.conditions[0]?.message, 'SupportService prod-logs: degraded');
  t.deepEqual(report.outputs, { metricsUrl: 'http://metrics', logsUrl: 'http://logs' });
});
