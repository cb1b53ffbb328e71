import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../lib/clock.js';
import { createKindRegistry, type KindDefinition } from '../lib/kind.js';
import { silentLog } from '../lib/log.js';
import { systemRandom } from '../lib/random.js';
import { builtInKinds } from '../schema/kinds/built-in.js';
import { createSdk } from '../sdk/client.js';
import { createGraphClient } from '../sdk/graph-client.js';
import { createResourceClient, type ResourceClient } from '../sdk/resource-client.js';
import { createManager } from '../sdk/runtime/manager.js';
import type { Reconciler } from '../sdk/runtime/reconciler.js';
import { eventually } from './helpers/eventually.js';
import { startTestServer } from './helpers/server.js';

interface Check {
  readonly id: string;
  readonly status: { readonly health: string; readonly message: string };
  readonly observed: { readonly status: number | null } | null;
  readonly outputs: { readonly url: string | null } | null;
}

test('a kind that follows docs/adding-a-kind.md is in the graph, is reconciled, and goes away again', async (t) => {
  const files = followThePage(t);
  const kind = await load<KindDefinition>(files, 'schema/kinds/http-check.ts', 'httpCheckKind');
  const createReconciler = await load<(client: ResourceClient<never>) => Reconciler>(
    files,
    'controllers/http-check/controller.ts',
    'createHttpCheckReconciler',
  );
  const address = await startAddress(t);
  const server = await startTestServer(t, { registry: createKindRegistry([...builtInKinds.kinds, kind]) });

  const shared = { clock: systemClock, log: silentLog, random: systemRandom };
  const client = createGraphClient({ url: server.url, token: server.controllerToken, ...shared });
  t.teardown(() => client.close());
  const reconciler = createReconciler(createResourceClient<never>(createSdk(client), 'HttpCheck'));
  const manager = createManager({ client, ...shared, reconcilers: [{ kind: 'HttpCheck', reconciler }] });
  t.teardown(() => manager.close());
  manager.start();

  const created = await server.query<{ createHttpCheck: unknown }>(
    `mutation ($url: String!) { createHttpCheck(input: { name: "home", spec: { url: $url, expectedStatus: 204 } }) { id } }`,
    { url: address },
  );
  t.is(created.errors, undefined);
  const read = async () => {
    const answer = await server.query<{ httpCheck: Check | null }>(
      `{ httpCheck(name: "home") { id status { health message } observed { status } outputs { url } } }`,
    );
    assert.equal(answer.errors, undefined);
    return answer.data?.httpCheck ?? null;
  };
  await eventually(async () => assert.equal((await read())?.status.health, 'Healthy'), { timeoutMs: 20_000 });
  const healthy = await read();
  t.is(healthy?.observed?.status, 204);
  t.is(healthy?.outputs?.url, address);

  const edit = await server.query(
    `mutation { apply(input: { edits: [{ op: APPLY, kind: "HttpCheck", name: "home", spec: { url: "${address}", expectedStatus: 200 } }], takeOver: true }) { cursor } }`,
  );
  t.is(edit.errors, undefined);
  await eventually(async () => assert.equal((await read())?.status.message, `${address} answers 204, not 200`), {
    timeoutMs: 20_000,
  });

  const deleted = await server.query(`mutation { deleteHttpCheck(input: { name: "home" }) { edits { result } } }`);
  t.is(deleted.errors, undefined);
  await eventually(async () => assert.equal(await read(), null), { timeoutMs: 20_000 });
});

/** Puts each code block where its first line says, below the compiled project. Node strips the types. Returns the folder. */
function followThePage(t: ExecutionContext): string {
  const root = join(import.meta.dirname, '..');
  const page = readFileSync('docs/adding-a-kind.md', 'utf8');
  const blocks = [...page.matchAll(/```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)```/g)];
  t.is(blocks.length, 3, 'the page shows a kind, a provider and a controller');
  for (const [, path = '', code = ''] of blocks) {
    // The imports of what the project has end in .js already; those between the blocks are of files as written.
    const text = code.replace(/from '(\.[^']*\/)?(\.\/)?(http-check|provider)\.js'/g, "from '$1$2$3.ts'");
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    t.teardown(() => rmSync(join(root, path), { force: true }));
  }
  t.teardown(() => rmSync(join(root, 'controllers/http-check'), { recursive: true, force: true }));
  return root;
}

async function load<T>(folder: string, path: string, name: string): Promise<T> {
  const module = (await import(pathToFileURL(join(folder, path)).href)) as Record<string, T>;
  const found = module[name];
  if (found === undefined) throw new Error(`${path} does not export ${name}`);
  return found;
}

async function startAddress(t: ExecutionContext): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(204).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no address');
  return `http://127.0.0.1:${address.port}/`;
}
