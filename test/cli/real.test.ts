import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, readPlaneFile } from '../../cli/process/plane-file.js';
import { assert } from '../../lib/assert.js';
import { removeHome } from '../../scripts/demo/leftovers.js';
import { eventually } from '../helpers/eventually.js';
import { needs } from '../helpers/needs.js';
import { sharedControlPlane } from '../helpers/shared-control-plane.js';
import { createPortolan, type Portolan } from './portolan.js';

const test = needs('kubernetes');

let home = '';
let portolan: Portolan = () => Promise.reject(new Error('The data folder is not there yet.'));

test.before(async (t) => {
  t.timeout(150_000);
  home = await mkdtemp(join(tmpdir(), 'portolan-real-'));
  portolan = createPortolan(home);
  const up = await portolan(['up', '--port', '0']);
  t.is(up.code, 0, up.err);
});

test.after.always(async () => {
  if (home === '') return;
  const plane = await readPlaneFile(home);
  await portolan(['down']);
  if (plane && isAlive(plane.pid)) process.kill(plane.pid, 'SIGKILL');
  removeHome(home);
});

test.serial('a credential that the cluster refuses is refused with what to do, and nothing is stored', async (t) => {
  const { server, caPem } = await sharedControlPlane();
  const path = await kubeconfigWith({ server, caPem, user: { token: 'canary-of-an-expired-token' } });
  const { code, out, err } = await portolan(['runtime', 'add', 'real', '--kubeconfig', path]);
  t.is(code, 1);
  t.regex(err, /The cluster refuses the credential: it is wrong or expired\. Nothing was stored\./);
  t.regex(err, /next: Renew the credential of context test/);
  t.false(`${out}${err}`.includes('canary'));
  t.is((await portolan(['get', 'kubernetesruntime', 'real'])).code, 3);
});

test.serial('a program of the kubeconfig is not kept, and its words are told when it fails', async (t) => {
  const { server, caPem } = await sharedControlPlane();
  const login = async (script: string) => kubeconfigWith({ server, caPem, user: { exec: await program(script) } });
  const path = await login('echo "Your session has expired." >&2; exit 1');
  const failed = await portolan(['runtime', 'add', 'real', '--kubeconfig', path]);
  t.is(failed.code, 1);
  t.regex(failed.err, /ended with exit code 1: Your session has expired\./);

  await login(`echo '${execCredential('canary-token')}'`);
  for (const option of ['--no-service-account', '--no-check']) {
    const kept = await portolan(['runtime', 'add', 'real', '--kubeconfig', path, option]);
    t.is(kept.code, 2, option);
    t.regex(kept.err, /good for minutes only: the plane cannot keep it/);
    t.false(`${kept.out}${kept.err}`.includes('canary'));
  }
  t.is((await portolan(['get', 'kubernetesruntime', 'real'])).code, 3);
});

test.serial('a certificate that is not trusted is refused with the reason', async (t) => {
  const { server, adminToken } = await sharedControlPlane();
  const path = await kubeconfigWith({ server, caPem: null, user: { token: adminToken } });
  const { code, err } = await portolan(['runtime', 'add', 'real', '--kubeconfig', path]);
  t.is(code, 5);
  t.regex(err, /its certificate is not trusted/);
});

test.serial('an app is deployed to a real cluster and removed from it', async (t) => {
  t.timeout(180_000);
  const cluster = await sharedControlPlane();
  const { server, caPem, adminToken } = cluster;
  const exec = await program(`echo '${execCredential(adminToken)}'`);
  const path = await kubeconfigWith({ server, caPem, user: { exec } });
  const added = await portolan(['runtime', 'add', 'real', '--kubeconfig', path]);
  t.is(added.code, 0, added.err);
  t.regex(added.err, /answers: Kubernetes v\d+\.\d+/);
  t.regex(added.out, /ServiceAccount +portolan-real-[0-9a-f]{10}\n/);
  t.regex(added.out, /get, list, watch, create, update, patch, delete +every kind\n/);
  t.true(added.out.endsWith('KubernetesRuntime real  created\n'));
  t.false(`${added.out}${added.err}`.includes(adminToken));
  const again = await portolan(['runtime', 'add', 'real', '--kubeconfig', path]);
  t.is(again.code, 4);
  t.regex(again.err, /next: Choose another name, or give it a new credential: portolan runtime add real --renew/);

  const deployed = await portolan([
    'deploy',
    '-f',
    'examples/blog/app.yaml',
    '-e',
    'dev',
    '--runtime',
    'real',
    '--watch',
  ]);
  t.is(deployed.code, 0, deployed.err + deployed.out);
  const [workload] = JSON.parse((await portolan(['get', 'workloads', '-o', 'json'])).out);
  const namespace: string = workload.spec.namespace;
  const ready = ['get', 'deployment,statefulset', '-n', namespace, '-o', 'jsonpath={.items[*].status.readyReplicas}'];
  t.is(await cluster.kubectl(ready), '1 1');
  t.regex((await portolan(['runtime', 'describe', 'real'])).out, /On it \(1\):\n.*\n {2}blog +dev +Healthy/);
  t.is((await portolan(['runtime', 'remove', 'real', '--yes'])).code, 4, 'it is in use');

  const deleted = await portolan(['delete', 'appinstance', 'blog', '--wait', '--yes', '--timeout', '2m']);
  t.is(deleted.code, 0, deleted.err + deleted.out);
  t.is(await cluster.kubectl(['get', 'namespace', namespace, '--ignore-not-found', '-o', 'name']), '');
});

test.serial('an image that cannot be pulled is said by name, and --fail-fast exits with 1', async (t) => {
  t.timeout(120_000);
  const image = 'example.test/does-not-exist:7';
  const pod = { containers: [{ name: 'web', image }] };
  const labels = { app: 'web' };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
  };
  const app = {
    kind: 'App',
    name: 'broken',
    spec: { components: [{ name: 'web', type: 'manifests', objects: [deployment] }] },
  };
  const args = ['deploy', '-f', '-', '-e', 'dev', '--runtime', 'real', '--watch', '--fail-fast', '--timeout', '90s'];
  const { code, out, err } = await portolan(args, { input: JSON.stringify(app) });
  t.is(code, 1, err + out);
  t.regex(err, /AppInstance broken is Degraded\./);
  t.true(err.includes(image), err);
  t.is((await portolan(['delete', 'appi', 'broken', '--wait', '--yes', '--timeout', '2m'])).code, 0);
});

test.serial('a new credential is given to a registered runtime, but not one of another cluster', async (t) => {
  t.timeout(120_000);
  const { adminKubeconfigPath, caPem, adminToken } = await sharedControlPlane();
  const renewed = await portolan(['runtime', 'add', 'real', '--renew', '--kubeconfig', adminKubeconfigPath]);
  t.is(renewed.code, 0, renewed.err);
  t.true(renewed.out.endsWith('KubernetesRuntime real  updated\n'), renewed.out);
  t.is((await portolan(['wait', 'kubernetesruntime', 'real', '--timeout', '60s'])).code, 0);

  const page = await portolan(['runtime', 'describe', 'real']);
  t.is(page.code, 0, page.err);
  for (const line of [
    /Reachable: +yes, since /,
    /Nodes: +1, 1 ready\n/,
    /Capacity: +\d+ cores/,
    /Rights: +all that are needed\n/,
  ])
    t.regex(page.out, line);
  t.regex(
    page.out,
    /Credential: +of the service account portolan-real-\S+; good until \S+ \((29|30) days left\); renewed before\n/,
  );

  const elsewhere = await kubeconfigWith({ server: 'https://127.0.0.1:1', caPem, user: { token: adminToken } });
  const refused = await portolan(['runtime', 'add', 'real', '--renew', '--kubeconfig', elsewhere]);
  t.is(refused.code, 2);
  t.regex(refused.err, /The runtime real is at https:.*, and this kubeconfig names https:\/\/127\.0\.0\.1:1\./);
});

test.serial('a removed runtime leaves nothing in the cluster', async (t) => {
  t.timeout(300_000);
  const cluster = await sharedControlPlane();
  const runtime = JSON.parse((await portolan(['get', 'kubernetesruntime', 'real', '-o', 'json'])).out);
  const { namespace } = runtime.spec.cluster.serviceAccount;
  const { capacity, credentialExpiresAt, missingRights, nodes } = runtime.observed;
  t.is(nodes, 1);
  t.true(capacity.cpu > 0 && capacity.memory > 0 && capacity.pods > 0);
  t.true(Date.parse(credentialExpiresAt) > Date.now());
  t.deepEqual(missingRights, [], 'what runtime add gives is all that is looked for');

  const kinds = 'namespace,clusterrole,clusterrolebinding';
  const left = () =>
    cluster.kubectl(['get', kinds, '--ignore-not-found', '-o', 'name', '-l', 'app.kubernetes.io/part-of=portolan']);
  t.true((await left()).includes(namespace), 'the question finds what is there');
  t.is((await portolan(['runtime', 'remove', 'real', '--wait', '--yes'])).code, 0);
  await eventually(async () => assert(!(await left()).includes(namespace), await left()), { timeoutMs: 60_000 });
});

/** The `exec` of a user that runs this script. */
async function program(script: string): Promise<object> {
  const command = join(home, 'log-in');
  await writeFile(command, `#!/bin/sh\n${script}\n`);
  await chmod(command, 0o700);
  return { apiVersion: 'client.authentication.k8s.io/v1', command: './log-in', interactiveMode: 'Never' };
}

function execCredential(token: string): string {
  return JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } });
}

interface Kubeconfig {
  readonly server: string;
  readonly caPem: string | null;
  readonly user: object;
}

async function kubeconfigWith({ server, caPem, user }: Kubeconfig): Promise<string> {
  const authority = caPem === null ? {} : { 'certificate-authority-data': Buffer.from(caPem).toString('base64') };
  const path = join(home, 'kubeconfig');
  const config = {
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'me' } }],
    clusters: [{ name: 'test', cluster: { server, ...authority } }],
    users: [{ name: 'me', user }],
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
