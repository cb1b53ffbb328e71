import type { ExecutionContext, TestFn } from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import type { ClusterRight, KubernetesDriver, KubernetesObject, LogsOptions } from '../../drivers/kubernetes/driver.js';
import { DeniedError, InvalidObjectError, NotFoundError } from '../../drivers/kubernetes/errors.js';
import { eventually } from '../helpers/eventually.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import {
  apply,
  collect,
  configMaps,
  ending,
  equal,
  healthy,
  keyOf,
  patience,
  podsIn,
  signal,
  type,
  withContainers,
} from './steps.js';

/** What every driver answers beside its objects: logs, rights, tokens, and metadata alone. */
export function registerQuestions(test: TestFn, given: Given): void {
  test('selects by a label that is there, whatever its value', async (t) => {
    const { driver, namespace } = await given(t);
    const label = `sea-${namespace}`;
    await apply(driver, make.configMap(namespace, 'a', {}, { [label]: 'north' }));
    await apply(driver, make.configMap(namespace, 'b', {}, { [label]: 'south' }));
    await apply(driver, make.configMap(namespace, 'c', {}));
    const { objects } = await driver.list(configMaps, { selector: label, signal });
    t.deepEqual(objects.map(({ metadata }) => metadata.name).sort(), ['a', 'b']);
  });

  test('lists and watches metadata alone', async (t) => {
    const { driver, transport, namespace } = await given(t);
    const selector = `sea=${namespace}`;
    const put = (name: string) => apply(driver, make.configMap(namespace, name, { depth: '7' }, { sea: namespace }));
    for (const name of ['a', 'b', 'c']) await put(name);
    const paged = createApiDriver(transport, { pageSize: 2 });
    const { objects, resourceVersion } = await paged.listMetadata(configMaps, { selector, signal });
    t.deepEqual(objects.map(({ metadata }) => metadata.name).sort(), ['a', 'b', 'c']);
    const watch = { selector, resourceVersion, metadataOnly: true, signal: ending(t) };
    const events = collect(driver.watch(configMaps, watch));
    await put('d');
    await eventually(() => equal(events.changes.length, 1), patience);
    for (const object of [...objects, ...events.changes.map((change) => change.object)]) {
      t.deepEqual(Object.keys(object).sort(), ['apiVersion', 'kind', 'metadata']);
      t.deepEqual([object.apiVersion, object.kind], ['v1', 'ConfigMap']);
      t.truthy(object.metadata.uid);
    }
    const none = await driver.listMetadata(configMaps, { selector: `sea=${namespace}-none`, signal });
    t.deepEqual(none.objects, []);
    t.regex(none.resourceVersion, /^\d+$/);
  });

  test('reads the log of a container, whole, by its end, and with times', async (t) => {
    const { driver, namespace } = await given(t);
    const pod = await runningPod(driver, make.deployment(namespace, 'web'));
    // It goes on writing, so a line may come between two of the reads: then all are made again.
    const { all, timed } = await eventually(async () => {
      const all = await read(driver, { ...log, namespace, pod, container: 'main' });
      const [last] = await read(driver, { ...log, namespace, pod, tailLines: 1 });
      const [timed = ''] = await read(driver, { ...log, namespace, pod, tailLines: 1, timestamps: true });
      equal(last, all.at(-1));
      equal(timed.slice(timed.indexOf(' ') + 1), last);
      return { all, timed };
    }, patience);
    t.true(all.length > 1, all.join('|'));
    t.true(all.every((line) => !line.includes('\n')));
    t.false(Number.isNaN(Date.parse(timed.slice(0, timed.indexOf(' ')))), timed);
  });

  test('follows a log until its signal aborts, or its reader leaves', async (t) => {
    const { driver, namespace } = await given(t);
    const pod = await runningPod(driver, make.deployment(namespace, 'web'));
    const stop = new AbortController();
    const lines: string[] = [];
    const ended = (async () => {
      const options = { ...log, namespace, pod, follow: true, signal: stop.signal };
      for await (const line of driver.logs(options)) lines.push(line);
    })();
    await eventually(() => equal(lines.length > 0, true), patience);
    stop.abort();
    await ended;

    for await (const line of driver.logs({ ...log, namespace, pod, follow: true })) {
      t.is(line, lines[0] ?? '');
      break;
    }
  });

  test('says that there is no such pod, and that one of several containers has to be named', async (t) => {
    const { driver, namespace } = await given(t);
    const absent = read(driver, { ...log, namespace, pod: 'nothing' });
    await t.throwsAsync(absent, { instanceOf: NotFoundError, message: /"nothing" not found/ });
    const pod = await runningPod(driver, withContainers(make.deployment(namespace, 'web'), ['main', 'side']));
    const unnamed = read(driver, { ...log, namespace, pod });
    await t.throwsAsync(unnamed, { instanceOf: InvalidObjectError, message: /a container name must be specified/ });
    t.true((await read(driver, { ...log, namespace, pod, container: 'side' })).length > 0);
  });

  test('lacks no right as the administrator, and gets a token of a service account that ends', async (t) => {
    const { driver, namespace } = await given(t);
    t.deepEqual(await driver.missingRights([deleteNodes, readPods], signal), []);
    await apply(driver, serviceAccount(namespace));
    const { token, expiresAt } = await driver.requestToken({
      namespace,
      serviceAccount: 'pilot',
      expiresInSeconds: 3600,
      signal,
    });
    t.true(token.length > 20);
    const lifeMs = Date.parse(expiresAt) - Date.now();
    t.true(lifeMs > 30 * 60_000 && lifeMs < 2 * 3_600_000, expiresAt);
  });

  test('gives no token of a service account that is not there', async (t) => {
    const { driver, namespace } = await given(t);
    const options = { namespace, serviceAccount: 'nobody', expiresInSeconds: 3600, signal };
    await t.throwsAsync(driver.requestToken(options), { instanceOf: NotFoundError });
  });
}

/**
 * The same with a credential that may do little. `openWith` logs in to the same cluster with another token.
 * Only where the cluster has rights at all.
 */
export function registerRights(
  test: TestFn,
  given: Given,
  openWith: (t: ExecutionContext, token: string) => Promise<KubernetesDriver>,
): void {
  test('a service account is told exactly the rights that it lacks', async (t) => {
    const { driver, namespace } = await given(t);
    await apply(driver, serviceAccount(namespace));
    const rules = [{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] }];
    const about = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { namespace, name: 'pilot' } };
    await apply(driver, { ...about, kind: 'Role', rules });
    await apply(driver, {
      ...about,
      kind: 'RoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'pilot' },
      subjects: [{ kind: 'ServiceAccount', namespace, name: 'pilot' }],
    });
    const asked = { namespace, serviceAccount: 'pilot', expiresInSeconds: 3600, signal };
    const pilot = await openWith(t, (await driver.requestToken(asked)).token);

    const here = [
      { ...readPods, namespace },
      { ...readPods, namespace, subresource: 'log' },
      { verb: 'create', group: 'apps', resource: 'deployments', namespace },
    ];
    await eventually(async () => {
      const missing = await pilot.missingRights([deleteNodes, readPods, ...here], signal);
      equal(JSON.stringify(missing), JSON.stringify([deleteNodes, readPods, here[2]]));
    }, patience);
    await t.throwsAsync(pilot.list(type('v1', 'Pod', 'pods', true), { selector: '', signal }), {
      instanceOf: DeniedError,
    });
  });
}

const deleteNodes: ClusterRight = { verb: 'delete', group: '', resource: 'nodes' };
const readPods: ClusterRight = { verb: 'get', group: '', resource: 'pods' };

const log = {
  container: null,
  follow: false,
  previous: false,
  tailLines: null,
  sinceSeconds: null,
  timestamps: false,
  signal,
} satisfies Partial<LogsOptions>;

async function read(driver: KubernetesDriver, options: LogsOptions): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of driver.logs(options)) lines.push(line);
  return lines;
}

async function runningPod(driver: KubernetesDriver, deployment: KubernetesObject): Promise<string> {
  await healthy(driver, keyOf(await apply(driver, deployment)));
  const [pod] = await podsIn(driver, deployment.metadata.namespace ?? '');
  return pod?.metadata.name ?? '';
}

const serviceAccount = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'pilot', namespace },
});
