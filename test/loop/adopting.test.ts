import test from 'ava';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { runPortolan } from '../cli/run-portolan.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { declareAdoptingList } from './adopting-list.js';
import { given } from './applying-objects.js';
import { createRig } from './rig.js';
import { type SandboxLoopWorld, startSandboxWorld } from './sandbox-world.js';

const folder = createGuardedFolder('portolan-adopting-');
let world: SandboxLoopWorld;

test.before(async () => {
  world = await startSandboxWorld(folder);
});
test.after.always(async () => {
  await world?.sandbox.close();
  removeGuardedFolder(folder);
});

declareAdoptingList(test, () => world);

test.serial(
  'portolan adopt shows first what it takes over, and delete leaves that unless it is told otherwise',
  async (t) => {
    const server = await startTestServer(t);
    const rig = await createRig(t, server, world);
    rig.start();
    await rig.becomes(rig.runtimeId, 'Healthy');
    const transport = world.openTransport(rig.runtimeId);
    t.teardown(() => transport.close());
    const signal = AbortSignal.timeout(60_000);
    const post = (path: string, body: object) =>
      transport.request({ method: 'POST', path, body, query: { fieldManager: 'kubectl-create' }, signal });
    await post('/api/v1/namespaces', given.namespace('legacy'));
    await post('/api/v1/namespaces/legacy/configmaps', given.configMap('settings', { color: 'blue' }, 'legacy'));
    await post('/api/v1/namespaces/legacy/configmaps', given.configMap('other', { color: 'red' }, 'legacy'));
    const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'legacy', name: 'settings' };
    const cli = (...args: readonly string[]) => runPortolan(server, args);
    const what = [
      '--runtime',
      'target',
      '-n',
      'legacy',
      '--app',
      'legacy',
      '--env',
      'dev',
      '--except',
      'ConfigMap/other',
    ];

    const looked = await cli('adopt', ...what, '--dry-run');
    t.is(looked.code, 0, looked.err);
    t.regex(looked.out, /Taken over as they are\n {2}= ConfigMap\/legacy\/settings/);
    t.regex(looked.out, /Left out\n {2}ConfigMap\/legacy\/other: It was asked to be\./);
    t.is((await cli('get', 'apps', '-o', 'name')).out, '', 'nothing was written');

    for (const options of [[], ['--delete-adopted']]) {
      const adopted = await cli('adopt', ...what);
      t.is(adopted.code, 0, adopted.err);
      t.regex(adopted.out, /App legacy {2}created\nAppInstance legacy {2}created/);
      const waited = await cli('wait', 'appinstance', 'legacy', '--env', 'dev', '--timeout', '60s');
      t.is(waited.code, 0, waited.err);
      const deleted = await cli('delete', 'appinstance', 'legacy', '--env', 'dev', '--wait', '--yes', ...options);
      t.is(deleted.code, 0, deleted.err);
      await cli('delete', 'app', 'legacy', '--yes');
      await eventually(
        async () => {
          const live = await rig.driver.get(key, signal);
          if ((live === null) !== options.length > 0)
            throw new Error(`With ${options.join()} it is ${JSON.stringify(live)}.`);
        },
        { timeoutMs: 30_000 },
      );
    }
    const wrong = await cli('delete', 'environment', 'dev', '--delete-adopted', '--yes');
    t.regex(wrong.err, /Only an app instance has adopted objects, and this is an Environment/);
  },
);
