import test from 'ava';
import { partsStatus } from '../../../controllers/parts/parts-status.js';
import { supportServiceObjects } from '../../../model/support-services/objects.js';
import { makePart } from '../parts/make-part.js';

for (const service of ['gateway', 'certificates', 'dns', 'secrets', 'metrics', 'logs', 'autoscaler']) {
  test(`${service} is built in: a controller that the version chooses the image of`, (t) => {
    const objects = supportServiceObjects(service, `portolan-${service}`, '9.9.9');
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    t.regex(JSON.stringify(deployment), /:9\.9\.9"/);
    const names = objects.map(({ kind, metadata }) => `${kind}/${JSON.stringify(metadata)}`);
    t.is(new Set(names).size, names.length);
  });
}

test('a support service answers where its workload does', (t) => {
  const parts = [makePart('Workload', 'metrics', { outputs: { url: 'http://metrics' } })];
  const outputs = { url: parts[0]?.status.outputs.url?.value };
  const report = partsStatus({ deletionRequestedAt: null }, parts, { noun: 'part', observed: {}, outputs });
  t.is(report.outputs.url, 'http://metrics');
});
