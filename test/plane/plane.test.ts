import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { statement } from '../../db/statement.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { type RunningPlane, startPlane } from '../../plane/main.js';
import { PlaneRunsError, takePlaneLock } from '../../plane/plane-lock.js';
import { spawnGuarded } from '../../scripts/children/guard.js';
import { createSdk } from '../../sdk/client.js';
import { createGraphClient } from '../../sdk/graph-client.js';
import { readServerConfig } from '../../server/config.js';
import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { urlOf } from '../helpers/server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { shop } from '../loop/apps.js';

async function createHome(t: ExecutionContext) {
  const home = await temporaryFolder(t);
  const database = await createTestDatabase();
  t.teardown(() => database.drop());
  const config = readServerConfig({
    PORTOLAN_HOME: home,
    PORTOLAN_PORT: '0',
    DATABASE_URL: urlOf(database.connection),
  });
  return { home, config, database: database.database };
}

type Home = Awaited<ReturnType<typeof createHome>>;

const start = ({ config }: Home) =>
  startPlane({ config, clock: systemClock, random: systemRandom, log: silentLog, isSandboxFast: true });

function sdkOf({ url, server }: RunningPlane) {
  const client = createGraphClient({
    url,
    token: server.tokens.operator,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  });
  return { sdk: createSdk(client), close: () => client.close() };
}

const environmentOf = ({ home, config }: Home) => ({
  ...process.env,
  PORTOLAN_HOME: home,
  PORTOLAN_PORT: '0',
  DATABASE_URL: config.databaseUrl ?? '',
});

async function names(plane: RunningPlane): Promise<readonly string[]> {
  const { sdk, close } = sdkOf(plane);
  const { resources } = await sdk.ListResources({}).finally(close);
  return resources.nodes.map(({ kind, name }) => `${kind}/${name}`).sort();
}

const furnished = ['Environment/dev', 'KubernetesRuntime/sandbox', 'Project/default', 'Tier/dev'];

test('a new plane has a runtime, a tier and an environment, and the runtime becomes healthy', async (t) => {
  const plane = await start(await createHome(t));
  t.deepEqual(await names(plane), furnished);
  const { sdk, close } = sdkOf(plane);
  await eventually(
    async () => {
      const { resource } = await sdk.GetResource({ kind: 'KubernetesRuntime', name: 'sandbox' });
      if (resource?.status.health !== 'Healthy') throw new Error(`It is ${resource?.status.health}.`);
    },
    { timeoutMs: 10_000 },
  );
  await close();
  const metrics = await (await fetch(`${plane.url}/metrics`)).text();
  t.true(Number(/^portolan_passes_total (\d+)$/m.exec(metrics)?.[1]) > 0, 'its controllers tell what they do');
  t.regex(metrics, /^portolan_feed_watchers \d+$/m);
  await plane.close();
});

test('what was removed does not come back at the next start', async (t) => {
  const home = await createHome(t);
  const first = await start(home);
  const { sdk, close } = sdkOf(first);
  await sdk.Apply({ input: { edits: [{ op: 'DELETE', kind: 'Environment', name: 'dev' }] } }).finally(close);
  await first.close();
  const second = await start(home);
  t.deepEqual(
    await names(second),
    furnished.filter((name) => name !== 'Environment/dev'),
  );
  await second.close();
});

test('a second start on the same data folder says that a plane runs, and where', async (t) => {
  const home = await createHome(t);
  const plane = await start(home);
  const error = await t.throwsAsync(start(home), { instanceOf: PlaneRunsError });
  t.true(error.message.includes(plane.url));
  t.is(error.url, plane.url);
  await plane.close();
  t.false(existsSync(join(home.home, 'plane.json')));
});

test('a data folder that a killed plane left behind is taken over', async (t) => {
  const home = await temporaryFolder(t);
  const gone = spawn(process.execPath, ['--version']);
  await new Promise((resolve) => gone.once('exit', resolve));
  await writeFile(join(home, 'plane.lock'), String(gone.pid));
  const lock = await takePlaneLock(home);
  t.is(await readFile(join(home, 'plane.lock'), 'utf8'), String(process.pid));
  await lock.release();
});

test('a plane that is killed in the middle of a deployment goes on with it at its next start', async (t) => {
  const home = await createHome(t);
  const child = spawnGuarded(process.execPath, ['dist/plane/main.js'], {
    env: environmentOf(home),
    stdio: 'ignore',
  });
  const file = await eventually(async () => JSON.parse(await readFile(join(home.home, 'plane.json'), 'utf8')), {
    timeoutMs: 20_000,
  });
  const token = (await readFile(join(home.home, 'operator.token'), 'utf8')).trim();
  const shared = { clock: systemClock, random: systemRandom, log: silentLog };
  const client = createGraphClient({ url: file.url, token, ...shared });
  const appSpec = { components: shop() };
  const { deploy } = await createSdk(client).Deploy({ input: { app: 'shop', environment: 'dev', appSpec } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  await client.close();

  // The leases of the killed process are taken over at once, and not waited for.
  await home.database.query(neverEnding);
  const plane = await start(home);
  const { sdk, close } = sdkOf(plane);
  await eventually(
    async () => {
      const { node } = await sdk.GetControlledResource({ id: deploy.instance.id });
      const health = node && 'status' in node ? node.status.health : 'gone';
      if (health !== 'Healthy') throw new Error(`It is ${health}.`);
    },
    { timeoutMs: 60_000 },
  );
  t.pass();
  await close();
  await plane.close();
});

const neverEnding = statement(
  'test.leases-never-end',
  `update lease set expires_at = now() + interval '1 hour' where holder is not null`,
);

test('as a process it says where it is, writes plane.json, and leaves nothing open after SIGTERM', async (t) => {
  const made = await createHome(t);
  const { home } = made;
  const child = spawnGuarded(process.execPath, ['dist/plane/main.js'], {
    env: environmentOf(made),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = child.stdout ? text(child.stdout) : '';
  const file = await eventually(async () => JSON.parse(await readFile(join(home, 'plane.json'), 'utf8')), {
    timeoutMs: 20_000,
  });
  t.is(file.pid, child.pid);
  const ready = await fetch(`${file.url}/readyz`);
  t.is(ready.status, 200);
  await ready.body?.cancel();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  t.is(await ended, 0);
  const said = await output;
  t.true(said.includes(file.url) && said.includes(join(home, 'operator.token')), said);
  t.false(existsSync(join(home, 'plane.json')) || existsSync(join(home, 'plane.lock')));
  await t.throwsAsync(fetch(`${file.url}/readyz`));
});
