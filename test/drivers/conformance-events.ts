import type { TestFn } from 'ava';
import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { eventually } from '../helpers/eventually.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { apply, equal, healthy, keyOf, patience, podsAllowed, signal, truthy } from './steps.js';

/** What a cluster tells of its objects. Only what needs no kubelet: a simulated node tells nothing. */
export function registerEvents(test: TestFn, given: Given): void {
  test('tells what becomes of a Deployment, step by step', async (t) => {
    const { driver, namespace } = await given(t);
    await healthy(driver, keyOf(await apply(driver, make.deployment(namespace, 'web', { replicas: 1 }))));
    const told = await eventually(async () => {
      const events = await eventsIn(driver, namespace);
      for (const reason of ['ScalingReplicaSet', 'SuccessfulCreate', 'Scheduled']) {
        truthy(events.some((event) => event.reason === reason));
      }
      return events;
    }, patience);
    const [scaling] = told.filter((event) => event.reason === 'ScalingReplicaSet');
    t.like(scaling, {
      type: 'Normal',
      count: 1,
      eventTime: null,
      source: { component: 'deployment-controller' },
      reportingComponent: 'deployment-controller',
      involvedObject: { kind: 'Deployment', namespace, name: 'web', apiVersion: 'apps/v1' },
    });
    t.regex(scaling?.message ?? '', /^Scaled up replica set web-\w+ from 0 to 1$/);
    t.truthy(Date.parse(scaling?.firstTimestamp ?? ''));
    const [created] = told.filter((event) => event.reason === 'SuccessfulCreate');
    t.regex(created?.message ?? '', /^Created pod: web-\w+-\w+$/);
    t.is(created?.involvedObject.kind, 'ReplicaSet');

    const [scheduled] = told.filter((event) => event.reason === 'Scheduled');
    t.like(scheduled, {
      type: 'Normal',
      action: 'Binding',
      firstTimestamp: null,
      lastTimestamp: null,
      source: {},
      reportingComponent: 'default-scheduler',
    });
    t.is(scheduled?.count, undefined);
    t.regex(scheduled?.eventTime ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    t.regex(scheduled?.message ?? '', new RegExp(`^Successfully assigned ${namespace}/web-\\w+-\\w+ to \\S+$`));
    t.is(new Set(told.map((event) => event.metadata.name)).size, told.length);
  });

  test('tells that a pod cannot be placed, and that another cannot be made', async (t) => {
    const { driver, namespace } = await given(t);
    const spec = { hard: { pods: '0' } };
    const quota = await apply(driver, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none', namespace },
      spec,
    });
    await eventually(
      async () => truthy(((await driver.get(keyOf(quota), signal))?.status as { used?: object } | undefined)?.used),
      patience,
    );
    await podsAllowed(driver, namespace);
    await apply(driver, make.statefulSet(namespace, 'store', 1));
    const refused = await eventually(async () => {
      const found = (await eventsIn(driver, namespace)).find(
        ({ reason, message }) => reason === 'FailedCreate' && message.includes('quota'),
      );
      if (!found || (found.count ?? 0) < 2) throw new Error('not told twice yet');
      return found;
    }, patience);
    t.is(refused.type, 'Warning');
    t.regex(
      refused.message,
      /^[Cc]reate Pod store-0 in StatefulSet store failed error: pods "store-0" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0$/,
    );
    t.true(Date.parse(refused.lastTimestamp ?? '') >= Date.parse(refused.firstTimestamp ?? ''));

    await driver.delete(keyOf(quota), { uid: quota.metadata.uid ?? '', signal });
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'picky', namespace },
      spec: { nodeSelector: { disk: 'none-has-it' }, containers: [{ name: 'main', image: 'example.test/web:1' }] },
    };
    await eventually(() => apply(driver, pod), patience);
    const unplaced = await eventually(async () => {
      const events = await eventsIn(driver, namespace);
      const found = events.find(
        (event) => event.reason === 'FailedScheduling' && event.involvedObject.name === 'picky',
      );
      if (!found) throw new Error('not told yet');
      return found;
    }, patience);
    t.like(unplaced, { type: 'Warning', action: 'Scheduling', reportingComponent: 'default-scheduler' });
    t.regex(unplaced.message, /node\(s\) didn't match Pod's node affinity\/selector/);
  });

  test('tells how a Job ended', async (t) => {
    const { driver, namespace } = await given(t);
    await apply(driver, make.job(namespace, 'good'));
    await apply(driver, make.job(namespace, 'bad', 'example.test/crash-loop:1'));
    const about = async (name: string, reason: string) =>
      (await eventsIn(driver, namespace)).find(
        (event) => event.involvedObject.name === name && event.reason === reason,
      );
    await eventually(async () => equal((await about('good', 'Completed'))?.message, 'Job completed'), patience);
    await eventually(
      async () =>
        equal((await about('bad', 'BackoffLimitExceeded'))?.message, 'Job has reached the specified backoff limit'),
      patience,
    );
    t.is((await about('bad', 'BackoffLimitExceeded'))?.type, 'Warning');
  });
}

interface Event extends KubernetesObject {
  readonly reason: string;
  readonly message: string;
  readonly type: string;
  readonly count?: number;
  readonly eventTime: string | null;
  readonly firstTimestamp: string | null;
  readonly lastTimestamp: string | null;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}

async function eventsIn(driver: KubernetesDriver, namespace: string): Promise<readonly Event[]> {
  const type = { apiVersion: 'v1', kind: 'Event', plural: 'events', isNamespaced: true };
  return (await driver.list(type, { selector: '', namespace, signal })).objects as readonly Event[];
}
