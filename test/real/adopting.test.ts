import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { needs } from '../helpers/needs.js';
import { declareAdoptingList } from '../loop/adopting-list.js';
import { given } from '../loop/applying-objects.js';
import { startApplying } from '../loop/applying-steps.js';
import { type RealLoopWorld, startRealWorld } from '../loop/real-world.js';

const test = needs('kubernetes');
let world: RealLoopWorld;

test.before(async () => {
  world = await startRealWorld();
});
test.after.always(() => world?.close());

declareAdoptingList(test, () => world);

test.serial('what kubectl applied is taken as it was applied, without what the API server filled in', async (t) => {
  const { rig, unique, ...on } = await startApplying(t, world);
  await rig.becomes(rig.runtimeId, 'Healthy');
  const { kubectl } = world.plane;
  const namespace = `kubectl-${unique}`;
  await kubectl(['create', 'namespace', namespace]);
  const applied: readonly JsonObject[] = [
    given.configMap('settings'),
    given.deployment('web', 2),
    given.statefulSet('db'),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', annotations: { 'example.com/note': 'by hand' } },
      spec: {
        selector: { app: 'web' },
        ports: [
          { name: 'http', port: 80, targetPort: 8080 },
          { name: 'dns', port: 53, protocol: 'UDP' },
        ],
      },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, stringData: { password: 'secret' } },
  ].map((object) => object as unknown as JsonObject);
  for (const object of applied) {
    await kubectl(['apply', '--namespace', namespace, '-f', '-'], JSON.stringify(object));
  }
  await kubectl(['scale', '--namespace', namespace, 'deployment/web', '--replicas=3']);
  await kubectl(['set', 'env', '--namespace', namespace, 'deployment/web', 'COLOR=red']);
  await on.until({ apiVersion: 'v1', kind: 'Pod', namespace, name: 'db-0' }, () => true);

  const input = { runtime: 'target', namespace, app: 'legacy', environment: 'dev' };
  const { adoption } = await rig.sdk.LookAtAdoption({ input });
  t.true(adoption.isUnchanged, JSON.stringify(adoption.steps.filter(({ action }) => action !== 'NONE')));
  const found = new Map(adoption.objects.map((object) => [String(Object(object).kind), object]));
  const [settings, deployment, statefulSet, service] = applied;
  t.deepEqual(found.get('ConfigMap'), settings);
  t.deepEqual(found.get('StatefulSet'), statefulSet);
  t.deepEqual(found.get('Service'), service);
  t.deepEqual(found.get('Deployment'), withColour(deployment ?? {}));
  t.deepEqual(found.get('Secret'), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login' },
    data: { password: '(hidden)' },
  });
  t.deepEqual([...found.keys()].sort(), ['ConfigMap', 'Deployment', 'Secret', 'Service', 'StatefulSet']);
  const claim = adoption.leftOut.find(({ object }) => object === `PersistentVolumeClaim/${namespace}/data-db-0`);
  t.regex(claim?.why ?? '', /made by kube-controller-manager/);
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
});

/** Its scale is what it is now, and the variable was set by another manager. */
function withColour(deployment: JsonObject): JsonObject {
  const text = JSON.stringify({
    ...deployment,
    spec: { ...(isJsonObject(deployment.spec) ? deployment.spec : {}), replicas: 3 },
  });
  return JSON.parse(
    text.replace('"image":"example.com/web:1"', '"image":"example.com/web:1","env":[{"name":"COLOR","value":"red"}]'),
  );
}
