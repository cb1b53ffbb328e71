import { join } from 'node:path';
import type { OutputStream } from '../../cli/output/terminal.js';
import { findRunningPlane } from '../../cli/process/plane-process.js';
import { readKubeconfig } from '../../drivers/kubernetes/cluster-access.js';
import type { KubernetesDriver } from '../../drivers/kubernetes/driver.js';
import { createKubernetesDriver } from '../../drivers/kubernetes/kubernetes-driver.js';
import { createSandboxDriver } from '../../drivers/sandbox/driver.js';
import { sandboxSocketPath } from '../../drivers/sandbox/socket-path.js';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { type Clock, sleep } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { type ControlPlane, startControlPlane } from '../../test/helpers/control-plane.js';
import type { Commands } from './commands.js';
import { type DemoOptions, demoHome } from './config.js';
import { editByHand } from './edit-by-hand.js';
import { removeHome, removeLeftovers } from './leftovers.js';
import { demoTypes, listObjects } from './nothing-left.js';
import { claimDemo } from './one-demo.js';
import type { Steps } from './steps.js';

export interface DemoTools {
  readonly commands: Commands;
  readonly steps: Steps;
  readonly out: OutputStream;
  readonly clock: Clock;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  /** Gets the programs of a control plane, for `--real`. */
  readonly ensureTools: () => Promise<void>;
}

/** The whole demo. Throws when a step failed; what it started is stopped in any case. */
export async function runDemo(options: DemoOptions, tools: DemoTools): Promise<void> {
  const { commands, steps, out, clock, signal } = tools;
  const startedMs = clock.now();
  let cluster: ControlPlane | null = null;
  const giveUp = claimDemo(demoHome);
  try {
    await steps.run('Clearing what an earlier demo left', () => removeLeftovers(demoHome, commands));
    await steps.run('Starting the plane: database, server, controllers, sandbox', () => commands.ask('up'));
    const before = await listResources(commands);
    if (options.isReal) {
      await tools.ensureTools();
      cluster = await steps.run('Starting a real Kubernetes control plane', () => startControlPlane());
    }
    const runtime = cluster ? await addRealRuntime(cluster, tools) : null;

    await commands.show('apply', '-f', platformFile(options), '--yes');
    const deploy = [
      'deploy',
      '-f',
      `examples/${options.example}/app.yaml`,
      '--env',
      'dev',
      '--yes',
      '--watch',
      '--timeout',
      '10m',
    ];
    const deployedMs = clock.now();
    await commands.show(...deploy, ...(runtime ? ['--runtime', runtime] : []));
    out.write(
      `\n✔ ${options.example} is Healthy ${((clock.now() - deployedMs) / 1000).toFixed(1)} seconds after it was asked for\n`,
    );

    const workloads = await listJson(commands, 'get', 'workloads');
    const namespaces = [
      ...new Set(workloads.map((workload) => String(isJsonObject(workload.spec) ? workload.spec.namespace : ''))),
    ];
    await commands.show('tree', 'appinstance', options.example, '--env', 'dev');
    await commands.show('get');
    if (cluster) await showKubectl(cluster, namespaces, out);
    await commands.show('describe', options.example, '--env', 'dev');
    await commands.show('logs', options.example, '--env', 'dev', '--tail', '2');
    if (cluster) await editByHand(cluster, { instance: options.example, namespace: namespaces[0] ?? '' }, tools);
    await sayAddresses(options, out);

    if (options.isOnce) {
      const driver = await openDriver(commands, cluster, workloads, clock);
      try {
        await removeAll(options, tools, before);
        await steps.run('Making sure that nothing is left', () =>
          verifyNothingLeft(commands, driver, namespaces, before, signal),
        );
        out.write('  Nothing is left: no object in the cluster, no resource in the plane.\n');
      } finally {
        await driver.close();
      }
    } else if (!options.isKept) {
      out.write('\nIt stays up until Ctrl-C.\n');
      while (!signal.aborted) await sleep(clock, 60_000, signal);
      out.write('\n');
    }
  } finally {
    if (!options.isKept) await stop(tools);
    await cluster?.close();
    giveUp();
  }
  if (options.isOnce) out.write(`\nDone after ${((clock.now() - startedMs) / 1000).toFixed(1)} seconds.\n`);
}

async function addRealRuntime(cluster: ControlPlane, { commands }: DemoTools): Promise<string> {
  await commands.show('runtime', 'add', 'real', '--kubeconfig', cluster.adminKubeconfigPath);
  await commands.ask('wait', 'kubernetesruntime', 'real', '--timeout', '2m');
  return 'real';
}

async function showKubectl(cluster: ControlPlane, namespaces: readonly string[], out: OutputStream): Promise<void> {
  for (const namespace of namespaces) {
    const args = ['get', 'deployments,statefulsets,pods,services,persistentvolumeclaims', '-n', namespace];
    out.write(`\n$ kubectl ${args.join(' ')}\n${await cluster.kubectl(args)}\n`);
  }
}

async function sayAddresses(options: DemoOptions, out: OutputStream): Promise<void> {
  const plane = await findRunningPlane(demoHome);
  out.write(
    `\nLive chart:            ${plane ? `${plane.url}/ui/` : 'unknown'}  (its token is in ${join(demoHome, 'operator.token')})\n`,
  );
  out.write(`Explorer of the graph: ${plane?.url ?? 'unknown'}  (with the same token)\n`);
  if (options.isOnce) return;
  out.write(`Look around:           PORTOLAN_HOME=${demoHome} npx portolan tree appinstance ${options.example}\n`);
}

/** What platform people say before anybody deploys. */
function platformFile({ example }: DemoOptions): string {
  return example === 'wordpress' ? 'examples/wordpress/platform.yaml' : `examples/${example}/environment.yaml`;
}

/** All that was not there before, what refers to others first. */
async function removeAll(
  { example }: DemoOptions,
  { commands, steps }: DemoTools,
  before: readonly string[],
): Promise<void> {
  await commands.show('delete', 'appinstance', example, '--env', 'dev', '--wait', '--yes', '--timeout', '10m');
  await steps.run('Removing what was made for it', async () => {
    // The environment was there before; without this it would keep the definition of its cluster.
    await commands.ask('apply', '-f', 'examples/shop/environment.yaml', '--yes');
    for (const kind of madeForIt) {
      const made = (await listResources(commands)).filter(
        (name) => name.startsWith(`${kind}/`) && !before.includes(name),
      );
      for (const resource of made)
        await commands.ask('delete', kind, resource.slice(kind.length + 1), '--wait', '--yes');
    }
  });
}

/** In the order in which nothing refers to them any more. */
const madeForIt = [
  'App',
  'DomainName',
  'DatabaseDefinition',
  'BucketDefinition',
  'GatewayDefinition',
  'KubernetesRuntimeDefinition',
  'Environment',
  'Tier',
  'KubernetesRuntime',
];

async function verifyNothingLeft(
  commands: Commands,
  driver: KubernetesDriver,
  namespaces: readonly string[],
  before: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const objects = await listObjects(driver, { namespaces, types: demoTypes }, signal);
  if (objects.length > 0) throw new Error(`These objects are left in the cluster:\n  ${objects.join('\n  ')}`);
  const left = (await listResources(commands)).filter((resource) => !before.includes(resource));
  if (left.length > 0) throw new Error(`These resources are left in the plane:\n  ${left.join('\n  ')}`);
}

/** Reaches the cluster past Portolan: what it says itself must be checked against something else. */
async function openDriver(
  commands: Commands,
  cluster: ControlPlane | null,
  workloads: readonly JsonObject[],
  clock: Clock,
): Promise<KubernetesDriver> {
  if (cluster) return createKubernetesDriver(readKubeconfig(cluster.kubeconfig), { log: silentLog, clock });
  const runtimes = await listJson(commands, 'get', 'kubernetesruntimes');
  const used = workloads.map((workload) => (isJsonObject(workload.spec) ? workload.spec.runtime : null));
  const runtime = runtimes.find(({ name }) => used.includes(name ?? null));
  if (!runtime) throw new Error('The runtime that the app was deployed to is not listed.');
  return createSandboxDriver({
    socketPath: sandboxSocketPath(join(demoHome, 'sandbox')),
    cluster: String(runtime.id),
    clock,
  });
}

/** All resources, as `Kind/name`. */
async function listResources(commands: Commands): Promise<readonly string[]> {
  const kinds = (await commands.ask('kinds'))
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split(' ')[0] || []);
  const names: string[] = [];
  for (const kind of kinds) names.push(...(await commands.ask('get', kind, '-o', 'name')).split('\n').filter(Boolean));
  return names;
}

async function listJson(commands: Commands, ...args: readonly string[]): Promise<readonly JsonObject[]> {
  const value: unknown = JSON.parse(await commands.ask(...args, '-o', 'json'));
  return Array.isArray(value) ? value.filter((item) => isJsonObject(item)) : [];
}

/** Not with the commands of the demo: after a Ctrl-C those would stop at once. */
async function stop({ steps, out }: DemoTools): Promise<void> {
  const { createCommands } = await import('./commands.js');
  const commands = createCommands(out, new AbortController().signal);
  await steps.run('Stopping the plane and removing its data', async () => {
    await commands.ask('down');
    removeHome(demoHome);
  });
}
