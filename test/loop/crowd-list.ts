import type { TestFn } from 'ava';
import type { SeenRequest, Taken } from '../helpers/disturbing-proxy.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { shop, shopObjects } from './apps.js';
import type { DisturbedWorld } from './disturbed-world.js';
import { createRig } from './rig.js';

/** What many apps on one cluster cost its API server. */
export function declareCrowdList(test: TestFn, world: () => DisturbedWorld): void {
  test.serial(
    'a crowd of apps is watched as one app is, costs one write an object, and nothing while nothing happens',
    async (t) => {
      const { proxy } = world();
      proxy.take();
      const rig = await createRig(t, await startTestServer(t), world());
      // A lease that is lost on a busy machine is a new beginning, with lists and watches of its own.
      const first = rig.start({ leaseTtlMs });
      const alone = await rig.deploy(shop(), { app: 'alone' });
      await rig.becomes(alone.id, 'Healthy');
      const beginning = proxy.take();
      const kinds = pathsOf(beginning, 'watch');
      t.is(kinds.length, new Set(kinds).size, `one watch a kind: ${kinds.join(', ')}`);

      const names = Array.from({ length: CROWD }, (_, index) => `app-${index}`);
      const instances = await Promise.all(names.map((app) => rig.deploy(shop(), { app })));
      for (const { id } of instances) await rig.becomes(id, 'Healthy');
      const taken = proxy.take();
      const objects = CROWD * shopObjects(alone.namespace).length;
      const opened = new Map<string, number>();
      t.deepEqual(openedAgain(beginning, opened), []);
      t.deepEqual(openedAgain(taken, opened), []);
      t.deepEqual(listsOf(taken), []);
      t.true(
        pathsOf(taken, 'write').length <= objects * 1.05,
        `${pathsOf(taken, 'write').length} of ${objects}: ${repeated(taken)}`,
      );
      t.deepEqual(pathsOf(taken, 'delete'), []);
      // That an object is not there yet says nothing of its kind.
      t.deepEqual(pathsOf(taken, 'get').filter(isOfKinds), []);

      // What they became well by is still told and looked at for a moment.
      await eventually(
        async () => {
          t.deepEqual(openedAgain(proxy.take(), opened), []);
          await windowOf(1000);
          const late = pathsOf(proxy.seen(), 'write');
          if (late.length > 0) throw new Error(late.join());
        },
        { timeoutMs: world().patienceMs },
      );
      await windowOf(3000);
      const idle = proxy.take();
      t.deepEqual(pathsOf(idle, 'write'), []);
      t.deepEqual(openedAgain(idle, opened), []);
      t.deepEqual(listsOf(idle), []);

      // Who begins anew reads each kind once, and finds nothing to do.
      await first.close();
      proxy.take();
      rig.start({ leaseTtlMs });
      for (const { id } of instances) await rig.becomes(id, 'Healthy');
      await windowOf(3000);
      const again = proxy.take();
      t.deepEqual(pathsOf(again, 'write'), []);
      t.deepEqual(pathsOf(again, 'delete'), []);
      const lists = listsOf(again);
      // What happened in a namespace before it was asked for is read once more, for many of them together.
      t.true(lists.filter(isOfEvents).length <= 3, lists.join(', '));
      const others = lists.filter((path) => !isOfEvents(path));
      t.deepEqual(others, [...new Set(others)], 'each kind is listed once');

      // What a hand changed is put back by one write.
      for (const { namespace: edited } of instances) {
        await world().editByHand(rig.runtimeId, settingsIn(edited), { data: { color: 'red' } });
      }
      for (const { namespace: edited } of instances) {
        await eventually(
          async () => {
            const { data } = { data: null, ...(await rig.driver.get(settingsIn(edited), AbortSignal.timeout(60_000))) };
            if (JSON.stringify(data) !== '{"color":"blue"}') throw new Error(`It is ${JSON.stringify(data)}.`);
          },
          { timeoutMs: world().patienceMs },
        );
      }
      t.deepEqual(
        pathsOf(proxy.take(), 'write')
          .map((path) => path.replace(/^\/clusters\/[^/]+/, ''))
          .sort(),
        instances.map(({ namespace: edited }) => `/api/v1/namespaces/${edited}/configmaps/settings`).sort(),
      );
    },
  );
}

/** More than passes at a time, and than a page of a list. */
const CROWD = 20;
const leaseTtlMs = 120_000;

/** Watches that were opened although the one before did not come to its end, which is after five minutes. */
function openedAgain({ requests }: Taken, opened: Map<string, number>): readonly string[] {
  return requests.flatMap(({ verb, path, atMs }) => {
    if (verb !== 'watch') return [];
    const lastMs = opened.get(path) ?? Number.NEGATIVE_INFINITY;
    opened.set(path, atMs);
    return atMs - lastMs < 299_000 ? [path] : [];
  });
}

function pathsOf({ requests }: Taken, verb: SeenRequest['verb']): readonly string[] {
  return requests.filter((request) => request.verb === verb && !isReview(request)).map(({ path }) => path);
}

const isOfEvents = (path: string): boolean => path.endsWith('/events');

/** What a version of an API serves: `/api/v1`, `/apis/apps/v1`. */
const isOfKinds = (path: string): boolean => /(^|\/)(api|apis\/[^/]+)\/v[0-9a-z]+$/.test(path);

const settingsIn = (namespace: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });

/** Reads that are asked for by POST, now and then: which rights are there. */
const isReview = ({ path }: SeenRequest): boolean => path.endsWith('/selfsubjectaccessreviews');

/** What was written more than once. */
function repeated(taken: Taken): string {
  const counts = new Map<string, number>();
  for (const path of pathsOf(taken, 'write')) counts.set(path, (counts.get(path) ?? 0) + 1);
  return [...counts].flatMap(([path, count]) => (count > 1 ? [`${count} times ${path}`] : [])).join(', ');
}

/** Nodes are listed each time that the runtime is looked at. */
const listsOf = (taken: Taken): readonly string[] => pathsOf(taken, 'list').filter((path) => !path.endsWith('/nodes'));

/** Nothing is waited for here: what does not happen in this time is what is looked at. */
async function windowOf(lengthMs: number): Promise<void> {
  const endMs = Date.now() + lengthMs;
  await eventually(
    () => {
      if (Date.now() < endMs) throw new Error('The window is open.');
    },
    { timeoutMs: lengthMs * 2, everyMs: 100 },
  );
}
