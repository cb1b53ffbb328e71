import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { needs } from '../helpers/needs.js';
import { startTestServer } from '../helpers/server.js';
import { declareCoreList } from '../loop/core-list.js';
import { readExample } from '../loop/examples.js';
import { type RealLoopWorld, startRealWorld } from '../loop/real-world.js';
import { createRig } from '../loop/rig.js';
import { namesOf } from '../loop/world.js';

const test = needs('kubernetes');
let world: RealLoopWorld;

test.before(async () => {
  world = await startRealWorld();
});
test.after.always(() => world?.close());

declareCoreList(test, () => world);

const kinds =
  'serviceaccounts,secrets,configmaps,persistentvolumeclaims,services,deployments,statefulsets,poddisruptionbudgets';

for (const { app, objects } of [
  { app: 'blog', objects: 11 },
  { app: 'shop', objects: 9 },
]) {
  test.serial(`the example ${app} is what kubectl sees, is healthy, and goes without a trace`, async (t) => {
    const rig = await createRig(t, await startTestServer(t), world);
    rig.start();
    const instance = await rig.deploy(await readExample(app), { app });
    await rig.becomes(instance.id, 'Healthy');
    const { kubectl } = world.plane;
    const seen = JSON.parse(await kubectl(['get', kinds, '--namespace', instance.namespace, '--output', 'json']));
    const names = namesOf(seen.items as readonly KubernetesObject[]);
    t.true(names.length >= objects, names.join());
    const inventory = await rig.inventory(instance);
    t.deepEqual(
      inventory.filter((name) => name !== `Namespace/${instance.namespace}`),
      names,
    );
    await rig.remove(instance);
    await rig.isGone(instance);
    await t.throwsAsync(kubectl(['get', 'namespace', instance.namespace]), { message: /not found/ });
  });
}
