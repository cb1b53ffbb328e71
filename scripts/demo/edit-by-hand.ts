import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { sleep } from '../../lib/clock.js';
import type { ControlPlane } from '../../test/helpers/control-plane.js';
import type { DemoTools } from './run-demo.js';

/**
 * Changes the image of a Deployment with kubectl, as a hurried person would, waits until it is put back, and shows what
 * was noted about it. Throws when it is not put back within `PUT_BACK_WITHIN_MS`.
 */
export async function editByHand(
  cluster: ControlPlane,
  place: { readonly instance: string; readonly namespace: string },
  { commands, steps, out, clock, signal }: DemoTools,
): Promise<void> {
  const kubectl = (...args: readonly string[]) => cluster.kubectl([...args, '-n', place.namespace]);
  const { items } = JSON.parse(await kubectl('get', 'deployments', '-o', 'json')) as { items: readonly JsonObject[] };
  const [deployment] = items;
  if (!deployment) throw new Error(`There is no Deployment in the namespace ${place.namespace}.`);
  const name = isJsonObject(deployment.metadata) ? String(deployment.metadata.name) : '';
  const containers = 'jsonpath={.spec.template.spec.containers[*].name}';
  const images = 'jsonpath={.spec.template.spec.containers[*].image}';
  const [container = ''] = (await kubectl('get', `deployment/${name}`, '-o', containers)).split(' ');
  const readImages = () => kubectl('get', `deployment/${name}`, '-o', images);

  const before = await readImages();
  const edit = ['set', 'image', `deployment/${name}`, `${container}=${EDITED_IMAGE}`];
  out.write(`\n$ kubectl ${edit.join(' ')} -n ${place.namespace}\n${await kubectl(...edit)}`);
  await steps.run(`Waiting until the image of deployment/${name} is ${before} again`, async () => {
    const startedMs = clock.now();
    while ((await readImages()) !== before) {
      if (clock.now() - startedMs > PUT_BACK_WITHIN_MS) throw new Error(`It is still ${await readImages()}.`);
      await sleep(clock, LOOK_EVERY_MS, signal);
      signal.throwIfAborted();
    }
  });
  await commands.ask('wait', 'appinstance', place.instance, '--env', 'dev', '--timeout', '2m');
  const events = JSON.parse(await commands.ask('events', place.instance, '--env', 'dev', '-o', 'json')) as JsonObject[];
  const noted = events.filter(({ reason }) => reason === 'Corrected');
  if (noted.length === 0) throw new Error('No event tells of it.');
  out.write('\nWhat Portolan noted about it:\n');
  for (const { object, message } of noted) out.write(`  ${String(object)}: ${String(message)}\n`);
}

const EDITED_IMAGE = 'example.com/edited-by-hand:1';
const PUT_BACK_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;
