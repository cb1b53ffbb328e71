import type { ExecutionContext, TestFn } from 'ava';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { brokenImage, password, shop } from './apps.js';
import { createRig, type Instance, type Rig } from './rig.js';
import type { LoopWorld } from './world.js';

/** What must hold of questions about a cluster, from the graph through a controller to the cluster and back. */
export function declareQuestionsList(test: TestFn, world: () => LoopWorld): void {
  const start = (t: ExecutionContext, image?: string, health?: string) => startShop(t, world(), image, health);

  test.serial('a plan says of each object what the API server would make of it, and writes nothing', async (t) => {
    const { rig, instance } = await start(t);
    const now = await plan(rig, instance);
    t.deepEqual(now.unavailable, []);
    t.true(now.steps.length >= 5 && now.steps.every(({ action }) => action === 'NONE'), JSON.stringify(now.steps));

    const before = await versionsOf(rig, instance);
    const [component] = shop('example.com/web:2') as readonly { objects: readonly { kind: string }[] }[];
    const objects = component?.objects.filter(({ kind }) => kind !== 'ConfigMap') ?? [];
    const job = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'fresh' }, data: { a: 'b' } };
    const unserved = { apiVersion: 'example.com/v1', kind: 'Harbor', metadata: { name: 'x' } };
    const app = { components: [{ ...component, objects: [...objects, job, unserved] }] };
    const { steps } = await plan(rig, instance, app);
    const short = steps.map(({ action, object }) => `${action} ${object.replace(`${instance.namespace}/`, '')}`);
    t.deepEqual(short.filter((step) => !step.startsWith('NONE')).sort(), [
      'CREATE ConfigMap/fresh',
      'CREATE Harbor/x',
      'DELETE ConfigMap/settings',
      'UPDATE Deployment/web',
    ]);
    const change = steps.find(({ action }) => action === 'UPDATE');
    t.like(change?.differences, [
      {
        path: 'spec.template.spec.containers[name=main].image',
        desired: 'example.com/web:2',
        live: 'example.com/web:1',
      },
    ]);
    t.is(change?.differences.length, 1);
    t.regex(steps.find(({ object }) => object.startsWith('Harbor/'))?.uncheckable ?? '', /does not serve Harbor/);
    t.false(JSON.stringify(steps).includes(password));
    t.deepEqual(await versionsOf(rig, instance), before);
  });

  test.serial('a plan says what a change of an immutable field comes to', async (t) => {
    const { rig, instance } = await start(t);
    const components = JSON.parse(JSON.stringify(shop()).replaceAll('"app":"web"', '"app":"other"'));
    const { steps } = await plan(rig, instance, { components });
    const step = steps.find(({ object }) => object.startsWith('Deployment/'));
    t.is(step?.action, 'BLOCKED');
    t.regex(step?.why ?? '', /spec\.selector cannot be changed/);
    const replacing = await plan(rig, instance, { components, policy: { replace: ['Deployment'] } });
    t.is(replacing.steps.find(({ object }) => object.startsWith('Deployment/'))?.action, 'REPLACE');
  });

  test.serial('a live object shows what a hand did, by whom, and no secret', async (t) => {
    const { rig, instance } = await start(t);
    await rig.deploy(shop(), { policy: { drift: 'report' } });
    await rig.becomes(instance.id, 'Healthy');
    const { namespace } = instance;
    const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
    await world().editByHand(rig.runtimeId, key, { data: { color: 'red' } });
    await world().editByHand(
      rig.runtimeId,
      { ...key, kind: 'Secret', name: 'web' },
      { data: { password: 'Y2FuYXJ5' } },
    );
    const { resources } = await rig.sdk.ListResources({ filter: { kinds: ['Workload'], ownerId: instance.id } });
    const web = resources.nodes.find(({ name }) => name === 'web');
    const { node } = await rig.sdk.ListLiveObjects({ id: web?.id ?? '' });
    const objects = node && 'objects' in node ? node.objects.nodes : [];
    const live = (kind: string) => objects.find((object) => object.kind === kind)?.live;
    t.like(live('ConfigMap'), {
      manifest: { data: { color: 'red' } },
      differences: [{ path: 'data.color', desired: 'blue', live: 'red', manager: 'kubectl-patch' }],
      unavailable: null,
    });
    t.like(live('Secret'), {
      manifest: { data: { password: '(hidden)' } },
      differences: [{ path: 'data.password', desired: '(hidden)', live: '(hidden)', manager: 'kubectl-patch' }],
    });
    t.deepEqual(live('Service')?.differences, []);
    t.false(JSON.stringify(objects).includes('Y2FuYXJ5'));
  });

  test.serial('of a cluster that is down, a plan and logs say so once for all components', async (t) => {
    const { rig, instance } = await start(t);
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more' }, data: { a: 'b' } };
    await rig.deploy([...shop(), { name: 'more', type: 'manifests', objects: [settings] }]);
    await rig.becomes(instance.id, 'Healthy');
    await world().goAway(rig.runtimeId);
    t.teardown(() => world().comeBack(rig.runtimeId));
    await rig.becomes(rig.runtimeId, 'Unknown');
    const { steps, unavailable } = await plan(rig, instance);
    t.deepEqual(steps, []);
    const { logs } = await rig.sdk.ReadLogs({ id: instance.id });
    for (const said of [unavailable, logs.unavailable]) {
      t.is(said.length, 1, said.join('\n'));
      t.regex(said[0] ?? '', /^Every component: .*(reach|connection)/);
    }
  });

  test.serial('a container that has not started is named with the reason in the place of its log', async (t) => {
    const { rig, instance } = await start(t, brokenImage, 'Degraded');
    const { logs } = await rig.sdk.ReadLogs({ id: instance.id });
    t.deepEqual(logs.lines, []);
    t.regex(logs.unavailable.join(), /^web: web-.*\/main has not started: (ErrImagePull|ImagePullBackOff)/);
  });
}

/** The same of the logs of its pods. */
export function declareLogsList(test: TestFn, world: () => LoopWorld): void {
  test.serial('logs are read of every pod of a component, and followed into pods that come later', async (t) => {
    const { rig, instance } = await startShop(t, world());
    const { logs } = await rig.sdk.ReadLogs({ id: instance.id, component: 'web', timestamps: true });
    t.deepEqual(logs.unavailable, []);
    t.true(logs.lines.length > 0);
    t.true(logs.lines.every((line) => line.component === 'web' && line.container === 'main' && line.at !== null));
    const leaving = new AbortController();
    const pods = new Set<string>();
    const reading = (async () => {
      const given = { id: instance.id, component: 'web' };
      for await (const part of rig.sdk.FollowLogs(given, { signal: leaving.signal })) {
        for (const { pod } of part.logs.lines) pods.add(pod);
      }
    })();
    const count = (wanted: number) =>
      eventually(
        () => {
          if (pods.size < wanted) throw new Error(`Lines of ${[...pods].join()} only.`);
        },
        { timeoutMs: world().patienceMs },
      );
    await count(1);
    await rig.deploy(shop('example.com/web:2'));
    await count(2);
    leaving.abort();
    await reading;
  });

  test.serial('what a container wrote before it crashed is read as its previous run', async (t) => {
    const { rig, instance } = await startShop(t, world(), 'example.com/crash-loop:1', 'Degraded');
    const lines = await eventually(
      async () => {
        const { logs } = await rig.sdk.ReadLogs({ id: instance.id, previous: true });
        if (logs.lines.length === 0) throw new Error(`There is nothing: ${logs.unavailable.join()}`);
        return logs.lines;
      },
      { timeoutMs: world().patienceMs, everyMs: 200 },
    );
    t.true(lines.every(({ container }) => container === 'main'));
  });
}

async function startShop(t: ExecutionContext, world: LoopWorld, image?: string, health = 'Healthy') {
  const rig = await createRig(t, await startTestServer(t), world);
  rig.start();
  const instance = await rig.deploy(shop(image));
  await rig.becomes(instance.id, health);
  return { rig, instance };
}

async function plan(rig: Rig, instance: Instance, app?: object) {
  const { objectPlan } = await rig.sdk.PlanObjects({ id: instance.id, ...(app && { app }) });
  return objectPlan;
}

/** Resource versions of what was made, but for what a roll-out counts. */
async function versionsOf(rig: Rig, instance: Instance): Promise<readonly string[]> {
  const signal = AbortSignal.timeout(60_000);
  const keys = (['ConfigMap/settings', 'Secret/web', 'Service/web'] as const).map((title) => title.split('/'));
  const objects = await Promise.all(
    keys.map(([kind = '', name = '']) =>
      rig.driver.get({ apiVersion: 'v1', kind, namespace: instance.namespace, name }, signal),
    ),
  );
  return objects.map((object) => `${object?.kind} ${object?.metadata.resourceVersion}`);
}
