import test from 'ava';
import { ChartError } from '../../../drivers/helm/errors.js';
import { createSandboxHelmDriver } from '../../../drivers/sandbox/helm/driver.js';

const helm = createSandboxHelmDriver();
const { signal } = new AbortController();
const place = { name: 'shop', namespace: 'shop-1' };

test('values go over the defaults of a chart, and the same release gives the same objects', async (t) => {
  const release = { ...place, chart: { name: 'web' }, values: { replicas: 3, env: { DB: 'db.local' } } };
  const [deployment, service] = await helm.render(release, signal);
  t.is(deployment?.kind, 'Deployment');
  t.is(service?.kind, 'Service');
  t.deepEqual(await helm.render(release, signal), await helm.render(release, signal));
  t.like(deployment, {
    spec: { replicas: 3, template: { spec: { containers: [{ env: [{ name: 'DB', value: 'db.local' }] }] } } },
  });
});

test('a chart, a version or a value that it does not have is refused in words', async (t) => {
  const render = (chart: { name: string; version?: string }, values = {}) =>
    helm.render({ ...place, chart, values }, signal);
  await t.throwsAsync(() => render({ name: 'redis' }), { instanceOf: ChartError, message: /It has: web, config/ });
  await t.throwsAsync(() => render({ name: 'web', version: '9' }), {
    instanceOf: ChartError,
    message: /version 1.0.0/,
  });
  await t.throwsAsync(() => render({ name: 'web' }, { replicas: 'many' }), { message: /must be a number/ });
});
