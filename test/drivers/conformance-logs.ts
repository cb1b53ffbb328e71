import type { TestFn } from 'ava';
import type { KubernetesDriver, LogsOptions } from '../../drivers/kubernetes/driver.js';
import { InvalidObjectError } from '../../drivers/kubernetes/errors.js';
import { eventually } from '../helpers/eventually.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { apply, healthy, keyOf, patience, podsAllowed, podsIn, signal, truthy } from './steps.js';

/** Which logs there are, and what is said where there are none. */
export function registerLogs(test: TestFn, given: Given): void {
  test('has no log of a pod that is not on a node', async (t) => {
    const { driver, namespace } = await given(t);
    const containers = [{ name: 'main', image: 'example.test/web:1' }];
    const spec = { nodeSelector: { disk: 'none-has-it' }, containers };
    await podsAllowed(driver, namespace);
    await apply(driver, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'picky', namespace }, spec });
    await t.throwsAsync(read(driver, { namespace, pod: 'picky' }), {
      instanceOf: InvalidObjectError,
      message: /the pod is not on a node yet/,
    });
  });

  test('refuses a container that the pod does not have, and an end of no length', async (t) => {
    const { driver, namespace } = await given(t);
    await healthy(driver, keyOf(await apply(driver, make.deployment(namespace, 'web'))));
    const pod = (await podsIn(driver, namespace))[0]?.metadata.name ?? '';
    const refusals = [
      [{ container: 'nothing' }, `container nothing is not valid for pod ${pod}`],
      [{ tailLines: -1 }, 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
      [{ sinceSeconds: 0 }, 'sinceSeconds: Invalid value: 0: must be greater than 0'],
    ] as const;
    for (const [options, words] of refusals) {
      const error = await t.throwsAsync(read(driver, { namespace, pod, ...options }), {
        instanceOf: InvalidObjectError,
      });
      t.true(error?.message.endsWith(words), error?.message);
    }
    t.deepEqual(await read(driver, { namespace, pod, tailLines: 0 }), []);
    t.true((await read(driver, { namespace, pod, sinceSeconds: 3600 })).length > 0);
  });

  test('has the log of the run before, once a container was restarted', async (t) => {
    const { driver, namespace } = await given(t);
    await apply(driver, make.deployment(namespace, 'web', { image: 'example.test/crash-loop:1' }));
    const lines = await eventually(async () => {
      const pod = (await podsIn(driver, namespace))[0]?.metadata.name ?? '';
      const previous = await read(driver, { namespace, pod, previous: true });
      truthy(previous.length > 0);
      return previous;
    }, patience);
    t.true(lines.length > 1);
  });
}

async function read(
  driver: KubernetesDriver,
  options: Pick<LogsOptions, 'namespace' | 'pod'> & Partial<LogsOptions>,
): Promise<readonly string[]> {
  const whole = { container: null, follow: false, previous: false, tailLines: null, sinceSeconds: null };
  const lines: string[] = [];
  for await (const line of driver.logs({ ...whole, timestamps: false, signal, ...options })) lines.push(line);
  return lines;
}
