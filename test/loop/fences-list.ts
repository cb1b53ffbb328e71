import type { ExecutionContext, TestFn } from 'ava';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { shop, shopObjects } from './apps.js';
import { createRig, type Instance, type Rig } from './rig.js';
import type { LoopWorld } from './world.js';

/** Of real processes, that lose their leases while they are frozen. */
const leaseTtlMs = 2_000;

/**
 * Where the first one freezes: on its way to the writes of the second release (Deployment, an object that is new, one
 * that is left out), before it looks at its lease or after that, with the request as good as sent.
 */
const places = ['beforeApply:1', 'beforeWrite:1', 'beforeWrite:2', 'beforeWrite:3'] as const;

/** What must hold of controllers that die or freeze at the worst moment, whatever the cluster is. */
export function declareFencesList(test: TestFn, world: () => LoopWorld): void {
  const createOwn = async (t: ExecutionContext): Promise<Rig> => createRig(t, await startTestServer(t), world());

  for (const place of places) {
    test.serial(`a controller frozen at ${place} and overtaken puts nothing back and prunes nothing`, async (t) => {
      const rig = await createOwn(t);
      const before = rig.start({ leaseTtlMs });
      const instance = await rig.deploy(release(1));
      await rig.becomes(instance.id, 'Healthy');
      await before.close();

      await rig.deploy(release(2));
      const frozen = await rig.spawn(`${place}:stop`, { holder: 'frozen', leaseTtlMs, metrics: true });
      await frozen.isStopped();
      // The lease of the frozen one runs out, and another one takes over what by then is a third release.
      await rig.deploy(release(3));
      rig.start({ leaseTtlMs });
      const settled = await converged(rig, instance, 3);

      frozen.child.kill('SIGCONT');
      await eventually(
        async () => {
          const lost = await frozen.metric('portolan_leases_lost_total');
          const running = await frozen.metric('portolan_passes_in_flight');
          if (lost === 0 || running > 0) throw new Error(`It lost ${lost} leases and runs ${running} passes.`);
        },
        { timeoutMs: world().patienceMs },
      );
      t.deepEqual(await stateOf(rig, instance), settled);
      await rig.agree();
      t.deepEqual(await stateOf(rig, instance), settled);
    });
  }

  // With all in the inventory and nothing made, and with one object made that the next release does not have.
  for (const failpoint of ['beforeApply:1', 'afterApply:1', 'afterApply:2']) {
    test.serial(
      `one killed at ${failpoint}, in the middle of a release that changes then, leaves no orphan of it`,
      async (t) => {
        const rig = await createOwn(t);
        const before = rig.start();
        const instance = await rig.deploy(release(1));
        await rig.becomes(instance.id, 'Healthy');
        await before.close();

        await rig.deploy(release(2));
        t.is(await (await rig.spawn(failpoint)).ended, 'SIGKILL');
        await rig.deploy(release(4));
        rig.start({ holder: 'loop-test' });
        await converged(rig, instance, 4);
        t.deepEqual(await rig.made(instance), shopObjects(instance.namespace));
        await rig.agree();
        await rig.remove(instance);
        await rig.isGone(instance);
      },
    );
  }
}

/** The second has an object that the first does not, and lacks one; the third has both; the fourth is like the first. All with contents of their own. */
function release(number: number): readonly object[] {
  const [component] = shop(`example.com/web:${number}`) as readonly [{ readonly objects: readonly object[] }];
  const configMap = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { number: `${number}` },
  });
  const others = component.objects.filter((object) => !('kind' in object && object.kind === 'ConfigMap'));
  const more = [...(number === 2 ? [] : [configMap('settings')]), ...(number % 3 === 1 ? [] : [configMap('new')])];
  return [{ ...component, objects: [...others, ...more] }];
}

/**
 * What must not change any more: uids, what the releases differ in, and the counters of the cluster, which would tell of
 * what was put back and mended at once.
 */
type State = Readonly<Record<string, object>>;

async function stateOf(rig: Rig, { namespace, id }: Instance): Promise<State> {
  const uids = await rig.uids({ id });
  const state = Object.entries(uids).map(async ([title, uid]) => {
    const [kind = '', name = ''] = title.split('/');
    const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
    const key = { apiVersion, kind, namespace: kind === 'Namespace' ? null : namespace, name };
    const object = await rig.driver.get(key, AbortSignal.timeout(60_000));
    const { generation, resourceVersion } = object?.metadata ?? {};
    // The status of a Deployment moves its version too, its generation only a change of its spec.
    if (kind === 'Deployment') return [title, { uid, generation, spec: object?.spec }] as const;
    return [title, kind === 'ConfigMap' ? { uid, resourceVersion, data: object?.data } : { uid }] as const;
  });
  return Object.fromEntries(await Promise.all(state));
}

async function converged(rig: Rig, instance: Instance, number: number): Promise<State> {
  return eventually(
    async () => {
      const { health } = await rig.health(instance.id);
      const state = await stateOf(rig, instance);
      const text = JSON.stringify(state);
      const isThere = text.includes(`example.com/web:${number}`) && text.includes(`"number":"${number}"`);
      if (health === 'Healthy' && isThere) return state;
      throw new Error(`It is ${health}: ${text}`);
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
}
