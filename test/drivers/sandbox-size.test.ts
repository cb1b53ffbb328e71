import test from 'ava';
import { defaultDelays } from '../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../drivers/sandbox/driver.js';
import { createSandboxWorld } from '../../drivers/sandbox/world.js';
import { createWorldControl } from '../../drivers/sandbox/world-control.js';
import { createManualClock } from '../../lib/clock.js';
import { createSeededRandom } from '../../lib/random.js';
import { make } from './make.js';
import { signal, type } from './steps.js';

const deployments = 5000;

test(`makes ${deployments} Deployments ready, and lists their pods page by page`, async (t) => {
  const clock = createManualClock();
  const world = createSandboxWorld({ clock, random: createSeededRandom(7), delays: defaultDelays });
  t.teardown(() => world.close());
  const driver = createInMemoryDriver(world, 'here');
  for (let index = 0; index < deployments; index += 1) {
    await driver.apply(make.deployment('default', `web-${index}`, { replicas: 2 }), { force: false, signal });
  }
  clock.step(10_000);
  const ready = await createWorldControl(world).objects({ kind: 'Deployment' });
  t.is(
    ready.filter(({ object }) => (object.status as { readyReplicas?: number }).readyReplicas === 2).length,
    deployments,
  );
  const pods = await driver.list(type('v1', 'Pod', 'pods', true), { selector: '', signal });
  t.is(pods.objects.length, 2 * deployments);
  t.is(new Set(pods.objects.map((pod) => pod.metadata.uid)).size, 2 * deployments);
});
