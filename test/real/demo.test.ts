import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { demoHome } from '../../scripts/demo/config.js';
import { needs } from '../helpers/needs.js';

const testOnKubernetes = needs('kubernetes');

// One demo runs at a time in a project, so these two are in one file, one after the other.
test.serial('the demo takes an app from nothing to Healthy on the sandbox and leaves nothing', async (t) => {
  t.timeout(240_000);
  const shown = await runDemo(t, '--once');
  t.regex(shown, /✔ wordpress is Healthy [\d.]+ seconds after it was asked for/);
  t.regex(shown, /It answers at http:\/\/wordpress\.example\.com/);
  t.regex(shown, /├─ Database db +✔ Healthy +host = \S+, .*password = hidden/);
  t.regex(shown, /└─ needs\n[\s\S]*CloudCluster dev +✔ Healthy/);
});

testOnKubernetes.serial('the demo does the same on a real cluster, and kubectl sees it too', async (t) => {
  t.timeout(180_000);
  const shown = await runDemo(t, '--once', '--real', '--example', 'shop');
  t.regex(shown, /✔ shop is Healthy [\d.]+ seconds after it was asked for/);
  t.regex(shown, /\$ kubectl get [\s\S]*deployment\.apps\/storefront\s+2\/2/);
  t.regex(shown, /\$ portolan describe shop .*\n+AppInstance shop\n {2}Health: +Healthy/);
  t.regex(shown, /\$ portolan logs shop .*\n(storefront|catalog|orders)-\S+\/\S+ {2}\S/);
  t.regex(
    shown,
    /\$ kubectl set image [\s\S]*✔ Waiting until the image [\s\S]*Deployment\/\S+: .*edited-by-hand:1.*kubectl-set/,
  );
});

/** All that it printed. Fails when it did, or when it leaves anything of its own on the disk. */
async function runDemo(t: ExecutionContext, ...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['dist/scripts/demo.js', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  t.teardown(() => child.kill());
  await once(child, 'close');
  const shown = Buffer.concat(chunks).toString();
  t.is(child.exitCode, 0, shown);
  t.regex(shown, /Nothing is left: no object in the cluster, no resource in the plane\./);
  t.false(existsSync(demoHome), 'its data folder is gone');
  return shown;
}
