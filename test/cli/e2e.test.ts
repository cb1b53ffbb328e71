import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { isAlive, readPlaneFile } from '../../cli/process/plane-file.js';
import { removeHome } from '../../scripts/demo/leftovers.js';
import { eventually } from '../helpers/eventually.js';
import { createPortolan, type Portolan, startPortolan } from './portolan.js';

let home = '';
let portolan: Portolan = () => Promise.reject(new Error('The data folder is not there yet.'));

test.before(async (t) => {
  t.timeout(150_000);
  home = await mkdtemp(join(tmpdir(), 'portolan-cli-'));
  portolan = createPortolan(home);
  const both = await Promise.all([portolan(['up', '--port', '0']), portolan(['up', '--port', '0'])]);
  const urls = both.map(
    ({ out }) => /^The plane is ready at (http:\/\/127\.0\.0\.1:\d+), after \d+\.\d+s\.$/m.exec(out)?.[1],
  );
  t.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
    both.map(({ err }) => err).join(),
  );
  t.truthy(urls[0]);
  t.is(urls[0], urls[1], 'two that start at once use one plane');
});

test.after.always(async () => {
  const plane = await readPlaneFile(home);
  await portolan(['down']);
  if (plane && isAlive(plane.pid)) process.kill(plane.pid, 'SIGKILL');
  removeHome(home);
});

test.serial('up says so when the plane runs already', async (t) => {
  const answer = await portolan(['up']);
  t.is(answer.code, 0);
  t.regex(answer.out, /^A plane runs already at http:/);
});

test.serial('start refuses a second plane in the data folder: exit code 4', async (t) => {
  const { code, err } = await portolan(['start']);
  t.is(code, 4);
  t.regex(err, /A plane runs already at http:/);
});

test.serial('status names the address, the principal and the data folder', async (t) => {
  const { code, out } = await portolan(['status']);
  t.is(code, 0);
  t.regex(out, /Address: +http:/);
  t.regex(out, /Logged in as: +operator/);
  t.true(out.includes(home));
});

test.serial('ui prints a link to the page that brings the token along', async (t) => {
  const { code, out, err } = await portolan(['ui']);
  t.is(code, 0);
  const link = new URL(out.trim());
  t.is((await fetch(link)).status, 200);
  t.is(link.pathname, '/ui/');
  const token = (await readFile(join(home, 'operator.token'), 'utf8')).trim();
  t.is(new URLSearchParams(link.hash.slice(1)).get('token'), token);
  t.regex(err, /keep it to yourself/);
});

test.serial('runtime list shows the sandbox', async (t) => {
  const waited = await portolan(['wait', 'kubernetesruntime', 'sandbox', '--timeout', '60s']);
  t.is(waited.code, 0, waited.err);
  const { code, out } = await portolan(['runtime', 'list', '-o', 'json']);
  t.is(code, 0);
  t.like(JSON.parse(out), [
    { kind: 'KubernetesRuntime', name: 'sandbox', health: 'Healthy', spec: { provider: 'sandbox' } },
  ]);
});

test.serial('env makes, lists and deletes environments, and a name that is taken exits with 4', async (t) => {
  const created = await portolan(['env', 'create', 'staging', '--tier', 'dev']);
  t.is(created.out, 'Environment staging  created\n', created.err);
  t.is((await portolan(['env', 'create', 'staging'])).code, 4);
  t.regex((await portolan(['env', 'list'])).out, /^dev .*\nstaging /m);
  t.is((await portolan(['env', 'delete', 'staging', '--wait'])).out, 'Environment staging is deleted.\n');
});

test.serial(
  'deploying to an environment that is not there names the near one and the command that makes it',
  async (t) => {
    const { code, err } = await portolan(['deploy', '-f', 'examples/shop/app.yaml', '--env', 'dve']);
    t.is(code, 3);
    t.regex(err, /There is no Environment "dve"\. Did you mean dev\?/);
    t.regex(err, /next: portolan env create dve/);
    t.is((await portolan(['get', 'apps', '-o', 'name'])).out, '', 'nothing was half done');
  },
);

test.serial('apply states files once, and finds them unchanged the second time', async (t) => {
  const files = ['-f', 'examples/shop/environment.yaml', '-f', 'examples/shop/app.yaml'];
  const check = await portolan(['apply', ...files, '--dry-check']);
  t.is(check.code, 0, check.err);
  t.is((await portolan(['get', 'apps', '-o', 'name'])).out, '', 'a check changes nothing');

  const first = await portolan(['apply', ...files]);
  t.is(first.code, 0, first.err);
  t.is(first.out, 'Tier dev  unchanged\nApp shop  created\nEnvironment dev  updated\n');
  const second = await portolan(['apply', ...files]);
  t.is(second.out, 'Tier dev  unchanged\nApp shop  unchanged\nEnvironment dev  unchanged\n');
});

test.serial('apply reads standard input, and refuses bad input with its line and exit code 2', async (t) => {
  const { code, err } = await portolan(['apply', '-f', '-'], { input: 'kind: Tier\nname: dev\nspec:\n  ordr: 1\n' });
  t.is(code, 2);
  t.regex(err, /standard input:4:3: unknown key "ordr" in spec; did you mean "order"\?/);
  t.notRegex(err, /at .*\.js:\d+/, 'no stack');
});

test.serial('watch and events -f show what changes, and end with 0 at Ctrl-C', async (t) => {
  const watched = startPortolan(home, ['watch', 'tiers']);
  const followed = startPortolan(home, ['events', '-f']);
  await watched.until(/Tier dev {2}Healthy/);
  t.is((await portolan(['apply', '-f', '-'], { input: 'kind: Tier\nname: late\nspec: { order: 90 }\n' })).code, 0);
  await watched.until(/Tier late {2}Healthy/);
  t.is((await portolan(['delete', 'tier', 'late', '--yes'])).code, 0);
  await watched.until(/Tier late {2}gone/);
  t.is(await watched.interrupt(), 0);
  t.is(await followed.interrupt(), 0);
});

test.serial('deploy --watch shows the tree line by line until it is Healthy', async (t) => {
  const { code, out, err } = await portolan(['deploy', 'shop', '--env', 'dev', '--watch', '--timeout', '90s']);
  t.is(code, 0, err + out);
  t.regex(out, /AppInstance shop {2}created/);
  t.regex(out, /Workload namespace {2}Healthy/);
  t.regex(out, /Deployment storefront {2}Healthy/);
  t.regex(out, /AppInstance shop is Healthy after \d/);
});

test.serial('why of what is settled says so with 0; of what is not, it names the cause with 1', async (t) => {
  const settled = await portolan(['why', 'shop', '--env', 'dev']);
  t.is(settled.code, 0, settled.err);
  t.is(settled.out, 'AppInstance shop in dev is ✔ Healthy. There is nothing to explain.\n');
  const file = JSON.stringify({
    kind: 'KubernetesRuntime',
    name: 'away',
    spec: { provider: 'kubeconfig', cluster: { server: 'https://127.0.0.1:1', token: 'none' } },
  });
  t.is((await portolan(['apply', '-f', '-', '--yes'], { input: file })).code, 0);
  const away = await eventually(
    async () => {
      const answer = await portolan(['why', 'kubernetesruntime', 'away']);
      if (!answer.out.includes('RuntimeUnreachable')) throw new Error(answer.out);
      return answer;
    },
    { timeoutMs: 30_000 },
  );
  t.is(away.code, 1);
  t.is(away.err, '', 'the answer says it all');
  t.regex(away.out, /RuntimeUnreachable for \d+s\n.*KubernetesRuntime away.*\n.*Cannot reach/);
  const { code, out } = await portolan(['why', 'kubernetesruntime', 'away', '-o', 'json']);
  t.is(code, 1);
  t.like(JSON.parse(out), { isSettled: false, resource: { name: 'away' } });
  t.is((await portolan(['runtime', 'remove', 'away', '--force', '--yes', '--wait'])).code, 0);
});

test.serial('what-if delete says who would stand in the way, and deletes nothing', async (t) => {
  const { code, out } = await portolan(['what-if', 'delete', 'kubernetesruntime', 'sandbox']);
  t.is(code, 0);
  t.regex(out, /^If KubernetesRuntime sandbox is deleted: Refused while others need it\.\n/);
  t.regex(out, /! AppInstance shop in dev, with \d+ of its parts\n/);
  t.regex(out, /^dev +shop +\d+ +0 +0$/m);
});

test.serial('deploying again without saying where leaves it where it is', async (t) => {
  const { code, out, err } = await portolan(['deploy', 'shop', '--env', 'dev', '--watch', '--timeout', '90s']);
  t.is(code, 0, err);
  t.regex(out, /AppInstance shop {2}unchanged/);
});

test.serial('a plan of the file that is deployed finds nothing to do, and asks the cluster the same', async (t) => {
  const args = ['plan', '-f', 'examples/shop/app.yaml', '--env', 'dev'];
  t.is((await portolan(args)).out, 'No changes.\n');
  const { code, out } = await portolan([...args, '--objects', '-o', 'json', '--detailed-exitcode']);
  t.is(code, 0);
  t.like(JSON.parse(out), { summary: 'No changes.', hasChanges: false, objects: { steps: [], unavailable: [] } });
});

test.serial('get prints tables that fit, JSON, YAML and names', async (t) => {
  const table = await portolan(['get'], { columns: 60 });
  t.regex(table.out, /^NAME +ENVIRONMENT +HEALTH +APP +RELEASE +RUNTIME/);
  t.regex(table.out, /^shop +dev +Healthy +shop +1/m);
  t.regex((await portolan(['get', 'workloads'])).out, /^NAME +OWNER +ENVIRONMENT .*\ncatalog +shop +dev /);
  t.is((await portolan(['get', 'workload', 'shop/catalog', '-o', 'name'])).out, 'Workload/shop/catalog\n');
  for (const line of (await portolan(['get', 'workloads', '-o', 'wide'], { columns: 60 })).out.split('\n')) {
    t.true([...line].length <= 60, line);
  }

  const one = JSON.parse((await portolan(['get', 'appinstance', 'shop', '-o', 'json'])).out);
  t.like(one, {
    kind: 'AppInstance',
    name: 'shop',
    environment: 'dev',
    health: 'Healthy',
    isSettled: true,
    spec: { app: 'shop', release: 1 },
  });
  t.is(JSON.parse((await portolan(['get', 'workloads', '-o', 'json'])).out).length, 4);
  t.regex((await portolan(['get', 'app', 'shop', '-o', 'yaml'])).out, /^kind: App\nname: shop\nproject: default\n/);
  t.is((await portolan(['get', 'app', '-o', 'name'])).out, 'App/shop\n');
});

test.serial('get of what is not there exits with 3 and names what is near', async (t) => {
  const { code, err } = await portolan(['get', 'appinstance', 'shpo']);
  t.is(code, 3);
  t.regex(err, /There is no AppInstance "shpo"\. Did you mean shop\?/);
  t.is((await portolan(['get', 'nonsense'])).code, 3);
  const alone = await portolan(['tree', 'shpo']);
  t.is(alone.code, 3);
  t.regex(alone.err, /There is no AppInstance "shpo"\. Did you mean shop\?/);
  t.regex((await portolan(['tree', 'apps'])).err, /Say of which App\./);
  t.is((await portolan(['get', '--nonsense'])).code, 2);
});

test.serial('describe, tree, events, kinds and explain show what there is', async (t) => {
  const described = await portolan(['describe', 'appinstance', 'shop']);
  t.is(described.code, 0, described.err);
  t.regex(described.out, /^AppInstance shop\n {2}Health: +Healthy/);
  t.regex(described.out, /Workload storefront \(Healthy\)/);

  t.is((await portolan(['describe', 'shop'])).out.split('\n')[0], 'AppInstance shop');

  const tree = await portolan(['tree', 'shop']);
  t.regex(tree.out, /├─ Workload namespace +✔ Healthy/);
  t.regex(tree.out, /Deployment storefront +✔ Healthy/);

  const events = await portolan(['events', 'appinstance', 'shop', '-o', 'json']);
  t.is(events.code, 0, events.err);
  t.true(Array.isArray(JSON.parse(events.out)));
  // The cluster may still tell of what came last.
  await eventually(
    async () => {
      const [named, alone] = [
        await portolan(['events', 'appinstance', 'shop', '-o', 'json']),
        await portolan(['events', 'shop', '-o', 'json']),
      ];
      if (named.out !== alone.out) throw new Error(`${named.out} is not ${alone.out}`);
    },
    { timeoutMs: 30_000 },
  );

  const drift = await portolan(['drift', 'shop', '--exit-code']);
  t.is(drift.code, 0);
  t.is(drift.err, 'Every object is as desired.\n');

  t.regex((await portolan(['kinds'])).out, /^AppInstance +appinstances/m);
  t.regex(
    (await portolan(['explain', 'app.spec.components'])).out,
    /^App\.spec\.components: list of object$.*^objects +list of .*^files +list of text/ms,
  );
});

test.serial('wait times out with exit code 6 and says what it is instead', async (t) => {
  const { code, err } = await portolan(['wait', 'app', 'shop', '--for', 'deleted', '--timeout', '300ms']);
  t.is(code, 6);
  t.regex(err, /App shop is not deleted within 0\.3 s; it is Healthy/);
});

test.serial('what is in use cannot be deleted: exit code 4, and what is in the way', async (t) => {
  const { code, err } = await portolan(['delete', 'environment', 'dev']);
  t.is(code, 4);
  t.regex(err, /in the way: .*AppInstance shop/);
});

test.serial('a kubeconfig that points nowhere is refused with exit code 5, and nothing is stored', async (t) => {
  const kubeconfig = JSON.stringify({
    kind: 'Config',
    'current-context': 'nowhere',
    contexts: [{ name: 'nowhere', context: { cluster: 'nowhere', user: 'me' } }],
    clusters: [{ name: 'nowhere', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'me', user: { token: 'canary-token-of-nobody' } }],
  });
  const path = join(home, 'kubeconfig');
  await writeFile(path, kubeconfig);
  const answer = await portolan(['runtime', 'add', 'nowhere', '--kubeconfig', path]);
  t.is(answer.code, 5, answer.err);
  t.regex(answer.err, /The cluster cannot be reached\. Nothing was stored\./);
  t.false(`${answer.out}${answer.err}`.includes('canary'));
  t.is((await portolan(['get', 'kubernetesruntimes', '-o', 'name'])).out, 'KubernetesRuntime/sandbox\n');
});

test.serial('a runtime that cannot be called so is refused before anybody logs in', async (t) => {
  const answer = await portolan(['runtime', 'add', 'My_Cluster', '--kubeconfig', join(home, 'is-not-there')]);
  t.is(answer.code, 2);
  t.regex(answer.err, /"My_Cluster" cannot be the name of a runtime/);
});

test.serial('a runtime with an app on it is removed by force alone, and the app is forgotten with it', async (t) => {
  t.is((await portolan(['runtime', 'add', 'lost', '--sandbox'])).code, 0);
  const app = {
    kind: 'App',
    name: 'small',
    spec: {
      components: [
        {
          name: 'web',
          type: 'manifests',
          objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hello' }, data: { hello: 'world' } }],
        },
      ],
    },
  };
  const args = ['deploy', '-f', '-', '-e', 'dev', '--runtime', 'lost', '--watch', '--timeout', '90s'];
  const deployed = await portolan(args, { input: JSON.stringify(app) });
  t.is(deployed.code, 0, deployed.err + deployed.out);
  const page = await portolan(['runtime', 'describe', 'lost']);
  t.regex(
    page.out,
    /^Runtime lost\n {2}Health: +Healthy\n {2}Reachable: +yes, since .*On it \(1\):\n[^\n]*\n {2}small +dev +Healthy/s,
  );

  const refused = await portolan(['runtime', 'remove', 'lost', '--yes']);
  t.is(refused.code, 4);
  t.regex(refused.err, /in the way: AppInstance small/);
  const removed = await portolan(['runtime', 'remove', 'lost', '--force', '--wait', '--yes', '--timeout', '90s']);
  t.is(removed.code, 0, removed.err + removed.out);
  t.is((await portolan(['get', 'appinstances', '-o', 'name'])).out, 'AppInstance/shop\n');
  t.is((await portolan(['get', 'kubernetesruntimes', '-o', 'name'])).out, 'KubernetesRuntime/sandbox\n');
  t.is((await portolan(['delete', 'app', 'small', '--yes'])).code, 0);
});

test.serial('delete --wait returns when it is gone, and so are its parts', async (t) => {
  const { code, out, err } = await portolan(['delete', 'appinstance', 'shop', '--wait', '--yes', '--timeout', '90s']);
  t.is(code, 0, err + out);
  t.regex(out, /AppInstance shop is deleted, after \d/);
  t.is((await portolan(['get', 'workloads', '-o', 'name'])).out, '');
  t.is((await portolan(['wait', 'appinstance', 'shop', '--for', 'deleted'])).code, 0);
});

test.serial('down stops the plane, and then no command reaches it: exit code 5', async (t) => {
  const { code, out } = await portolan(['down']);
  t.is(code, 0);
  t.is(out, 'The plane is stopped.\n');
  const after = await portolan(['get']);
  t.is(after.code, 5);
  t.regex(after.err, /next: .*portolan up/);
  t.is((await portolan(['down'])).out, `No plane runs here (${home}).\n`);
});
