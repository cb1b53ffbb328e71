import type { TestFn } from 'ava';
import { startTestServer } from '../helpers/server.js';
import { shop } from './apps.js';
import { createRig } from './rig.js';
import type { LoopWorld } from './world.js';

/** What must hold of runtimes as such, whatever the cluster is. `world` is asked for when a test begins. */
export function declareRuntimeList(test: TestFn, world: () => LoopWorld): void {
  test.serial('a lost runtime is forgotten by force, with all that is on it, and without a word to it', async (t) => {
    t.timeout(180_000);
    const rig = await createRig(t, await startTestServer(t), world());
    rig.start();
    const instance = await rig.deploy(shop());
    await rig.becomes(instance.id, 'Healthy');
    const before = await rig.uids(instance);
    await world().goAway(rig.runtimeId);
    await rig.becomes(rig.runtimeId, 'Unknown');
    const edit = { op: 'DELETE' as const, kind: 'KubernetesRuntime', name: 'target' };
    const refused = await t.throwsAsync(rig.sdk.Apply({ input: { edits: [edit] } }));
    t.regex(refused?.message ?? '', /cannot be deleted: AppInstance shop/);
    await rig.sdk.Apply({ input: { edits: [{ ...edit, force: true }] } });
    await rig.becomes(instance.id, 'gone');
    await rig.becomes(rig.runtimeId, 'gone');
    const { events } = await rig.sdk.ListEvents({ filter: { resourceId: rig.runtimeId } });
    t.true(events.nodes.some(({ reason, message }) => reason === 'DeletionForced' && /^operator forced/.test(message)));
    await world().comeBack(rig.runtimeId);
    t.deepEqual(await rig.uids(instance), before, 'nothing was touched there');

    // By hand, as a person would.
    const namespace = { apiVersion: 'v1', kind: 'Namespace', namespace: null, name: instance.namespace };
    const uid = before[`Namespace/${instance.namespace}`] ?? '';
    await rig.driver.delete(namespace, { uid, signal: AbortSignal.timeout(60_000) });
  });
}
