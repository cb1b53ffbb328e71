import type { ExecutionContext, TestFn } from 'ava';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { JsonObject } from '../../lib/canonical.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { shop, shopObjects } from './apps.js';
import { createRig, type Instance, type Rig } from './rig.js';
import type { LoopWorld } from './world.js';

/** What must hold of changes that others make in a cluster. */
export function declareDriftList(test: TestFn, world: () => LoopWorld): void {
  const start = async (
    t: ExecutionContext,
    policy: Parameters<Rig['deploy']>[1] = {},
    components = shop(),
  ): Promise<Deployed> => {
    const rig = await createRig(t, await startTestServer(t), world());
    rig.start();
    const instance = await rig.deploy(components, policy);
    await rig.becomes(instance.id, 'Healthy');
    return createDeployed(rig, instance, world());
  };

  test.serial(
    'a Deployment that is edited by hand is put back, and an event tells what, by whom and when',
    async (t) => {
      const shopped = await start(t);
      await shopped.edit('Deployment', 'web', withImage('example.com/other:9'));
      await shopped.until('Deployment', 'web', (object) => imageOf(object) === 'example.com/web:1');
      const message = await shopped.told('Corrected', 'Deployment/web');
      t.regex(message, /changed by kubectl-patch and is put back: /);
      const path = 'spec\\.template\\.spec\\.containers\\[name=main\\]\\.image';
      t.regex(message, new RegExp(`${path}: "example.com/web:1" <- "example.com/other:9" \\(kubectl-patch, 20\\d\\d-`));
      await shopped.rig.becomes(shopped.instance.id, 'Healthy');
      await shopped.drifted(0);
    },
  );

  test.serial('an env var and a container that are added by hand are taken out again', async (t) => {
    const stated = { name: 'COLOR', value: 'blue' };
    const withEnv = JSON.stringify(shop()).replace('"name":"main"', `"name":"main","env":[${JSON.stringify(stated)}]`);
    const shopped = await start(t, {}, JSON.parse(withEnv));
    const main = { name: 'main', image: 'example.com/web:1', env: [stated, { name: 'DEBUG', value: '1' }] };
    const containers = [main, { name: 'added', image: 'example.com/added:1' }];
    await shopped.edit('Deployment', 'web', { spec: { template: { spec: { containers } } } });
    const message = await shopped.told('Corrected', 'Deployment/web');
    t.regex(message, /changed by kubectl-patch and is put back: .*containers\[name=added\]: nothing <- /);
    await shopped.until('Deployment', 'web', (object) => {
      const text = JSON.stringify(object.spec);
      return text.includes('COLOR') && !text.includes('DEBUG') && !text.includes('example.com/added:1');
    });
    await shopped.rig.becomes(shopped.instance.id, 'Healthy');
    await shopped.drifted(0);
  });

  test.serial('a Deployment that is deleted by hand is made again, and an event tells so', async (t) => {
    const shopped = await start(t);
    const before = await shopped.read('Deployment', 'web');
    await shopped.delete('Deployment', 'web');
    await shopped.until('Deployment', 'web', ({ metadata }) => metadata.uid !== before?.metadata.uid);
    t.regex(await shopped.told('Recreated', 'Deployment/web'), /deleted by somebody else and is made again/);
    await shopped.rig.becomes(shopped.instance.id, 'Healthy');
    t.deepEqual(await shopped.rig.made(shopped.instance), shopObjects(shopped.instance.namespace));
  });

  test.serial('a label and a mark that are taken off by hand are put back, and named', async (t) => {
    const shopped = await start(t);
    const label = 'portolan.dev/instance';
    await shopped.edit('Deployment', 'web', { metadata: { labels: { [label]: null } } });
    await shopped.until('Deployment', 'web', ({ metadata }) => metadata.labels?.[label] === shopped.instance.id);
    t.regex(
      await shopped.told('Corrected', 'Deployment/web'),
      /metadata\.labels\.portolan\.dev\/instance: .* <- nothing/,
    );
    const mark = 'portolan.dev/resource';
    await shopped.edit('ConfigMap', 'settings', { metadata: { annotations: { [mark]: null } } });
    await shopped.until('ConfigMap', 'settings', ({ metadata }) => metadata.annotations?.[mark] !== undefined);
    t.regex(
      await shopped.told('Corrected', 'ConfigMap/settings'),
      /annotations\.portolan\.dev\/resource: .* <- nothing/,
    );
  });

  test.serial('a namespace that is deleted by hand is made again with all that was in it', async (t) => {
    const shopped = await start(t);
    const before = await shopped.rig.uids(shopped.instance);
    await shopped.delete('Namespace', shopped.instance.namespace);
    const after = await eventually(
      async () => {
        const uids = await shopped.rig.uids(shopped.instance);
        const old = Object.keys(before).filter((name) => uids[name] === undefined || uids[name] === before[name]);
        if (old.length > 0) throw new Error(`Not made again: ${old.join(', ')}.`);
        return uids;
      },
      { timeoutMs: world().patienceMs, everyMs: 200 },
    );
    t.deepEqual(Object.keys(after).sort(), [...shopObjects(shopped.instance.namespace)]);
    await shopped.rig.becomes(shopped.instance.id, 'Healthy');
    await shopped.told('Recreated', `Namespace/${shopped.instance.namespace}`);
    await shopped.told('Recreated', 'Deployment/web');
  });

  test.serial('by policy a change by hand is only reported, until a new release', async (t) => {
    const shopped = await start(t, { policy: { drift: 'report' } });
    await shopped.edit('Deployment', 'web', withImage('example.com/other:9'));
    await shopped.edit('ConfigMap', 'settings', { data: { color: 'red' } });
    const found = await shopped.drifted(2);
    const path = 'spec.template.spec.containers[name=main].image';
    const told = found.flatMap(({ kind, drift }) => (drift ?? []).map((each) => ({ kind, ...each }))).sort(byKind);
    t.like(told, [
      { kind: 'ConfigMap', path: 'data.color', desired: 'blue', live: 'red', manager: 'kubectl-patch' },
      { kind: 'Deployment', path, desired: 'example.com/web:1', live: 'example.com/other:9', manager: 'kubectl-patch' },
    ]);
    const both = /ConfigMap\/settings was changed by kubectl-patch: data\.color.* So are 1 more of its objects\./;
    t.is((await shopped.synced(both)).reason, 'Drifted');
    await shopped.told('Drifted', 'ConfigMap/settings');
    await shopped.edit('ConfigMap', 'settings', { data: { color: 'blue' } });
    await shopped.drifted(1);
    t.is(imageOf(await shopped.read('Deployment', 'web')), 'example.com/other:9');

    await shopped.rig.deploy(shop('example.com/web:2'), { policy: { drift: 'report' } });
    await shopped.until('Deployment', 'web', (object) => imageOf(object) === 'example.com/web:2');
    await shopped.rig.becomes(shopped.instance.id, 'Healthy');
    await shopped.drifted(0);
  });

  test.serial('an ignored field keeps the value that a hand gave it, also through a new release', async (t) => {
    const policy = { ignore: [{ object: 'Deployment/web', path: 'spec.replicas' }] };
    const shopped = await start(t, { policy });
    await shopped.edit('Deployment', 'web', { spec: { replicas: 2 } });
    await shopped.rig.deploy(shop('example.com/web:2'), { policy });
    await shopped.until('Deployment', 'web', (object) => imageOf(object) === 'example.com/web:2');
    await shopped.rig.becomes(shopped.instance.id, 'Healthy');
    await shopped.edit('Deployment', 'web', withImage('example.com/other:9'));
    const back = await shopped.until('Deployment', 'web', (object) => imageOf(object) === 'example.com/web:2');
    t.is((back.spec as { replicas?: number }).replicas, 2);
    t.notRegex(await shopped.told('Corrected', 'Deployment/web'), /replicas/);
    await shopped.drifted(0);
  });
}

/** An app that runs, and what a hand does to its objects. */
interface Deployed {
  readonly rig: Rig;
  readonly instance: Instance;
  edit(kind: string, name: string, patch: JsonObject): Promise<void>;
  delete(kind: string, name: string): Promise<void>;
  read(kind: string, name: string): Promise<KubernetesObject | null>;
  until(kind: string, name: string, isSo: (object: KubernetesObject) => boolean): Promise<KubernetesObject>;
  /** Message of the newest event of that reason about the object. */
  told(reason: string, object: string): Promise<string>;
  /** Waits until so many objects differ. */
  drifted(count: number): Promise<readonly DriftedObject[]>;
  /** SYNCED of the component, once its message matches. */
  synced(message: RegExp): Promise<{ readonly reason: string; readonly message: string }>;
}

interface DriftedObject {
  readonly kind: string;
  readonly drift?: readonly object[] | null;
}

function createDeployed(rig: Rig, instance: Instance, world: LoopWorld): Deployed {
  const signal = AbortSignal.timeout(10 * 60_000);
  const keyOf = (kind: string, name: string) => ({
    apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
    kind,
    namespace: kind === 'Namespace' ? null : instance.namespace,
    name,
  });
  const read = (kind: string, name: string) => rig.driver.get(keyOf(kind, name), signal);
  const wait = { timeoutMs: world.patienceMs, everyMs: 100 };
  return {
    rig,
    instance,
    read,
    edit: (kind, name, patch) => world.editByHand(rig.runtimeId, keyOf(kind, name), patch),
    delete: (kind, name) => world.deleteByHand(rig.runtimeId, keyOf(kind, name)),
    until: (kind, name, isSo) =>
      eventually(async () => {
        const object = await read(kind, name);
        if (!object || !isSo(object)) throw new Error(`${kind}/${name} is ${JSON.stringify(object)}.`);
        return object;
      }, wait),
    told: (reason, object) =>
      eventually(async () => {
        const { events } = await rig.sdk.ListEvents({ filter: { resourceId: instance.id, withChildren: true } });
        const [kind, name] = object.split('/');
        const isAbout = (title: string) => title.startsWith(`${kind}/`) && title.endsWith(`/${name}`);
        const found = events.nodes.find((event) => event.reason === reason && isAbout(event.object));
        if (!found) throw new Error(`Not told: ${events.nodes.map((each) => `${each.reason} ${each.object}`).join()}`);
        return found.message;
      }, wait),
    drifted: (count) =>
      eventually(async () => {
        const filter = { resourceId: instance.id, withChildren: true, isDrifted: true };
        const { nodes } = (await rig.sdk.FindObjects({ filter })).objects;
        if (nodes.length !== count) throw new Error(`These differ: ${JSON.stringify(nodes)}`);
        return nodes;
      }, wait),
    synced: (message) =>
      eventually(async () => {
        const filter = { kinds: ['Workload'], ownerId: instance.id };
        const { resources } = await rig.sdk.ListControlledResources({ filter });
        const conditions = resources.nodes.flatMap(({ name, status }) => (name === 'web' ? status.conditions : []));
        const found = conditions.find(({ type }) => type === 'Synced');
        if (!found || !message.test(found.message)) throw new Error(`SYNCED says ${found?.message}.`);
        return found;
      }, wait),
  };
}

const byKind = (a: { kind: string }, b: { kind: string }) => (a.kind < b.kind ? -1 : 1);

const withImage = (image: string): JsonObject => ({
  spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
});

function imageOf(object: KubernetesObject | null): string | undefined {
  const { spec } = (object ?? {}) as { spec?: { template?: { spec?: { containers?: { image?: string }[] } } } };
  return spec?.template?.spec?.containers?.[0]?.image;
}
