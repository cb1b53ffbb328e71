import test from 'ava';
import { createRights } from '../../../controllers/kubernetes-runtime/rights.js';
import type { ClusterRight, KubernetesDriver } from '../../../drivers/kubernetes/driver.js';

const signal = new AbortController().signal;
const runtime = { id: 'prod', generation: 1, spec: { provider: 'kubeconfig' as const } };

/** A cluster that counts how often it is asked, and that lacks what it is told to. */
function createAsked() {
  const asked = { times: 0, isLacking: (_right: ClusterRight) => false };
  const driver = {
    async missingRights(rights: readonly ClusterRight[]) {
      asked.times += 1;
      return rights.filter((right) => asked.isLacking(right));
    },
  } as unknown as KubernetesDriver;
  return { asked, driver };
}

test('a cluster where no right is missing is asked again at every twentieth look, and when the runtime changed', async (t) => {
  const { asked, driver } = createAsked();
  const rights = createRights();
  for (let look = 0; look < 20; look++)
    t.deepEqual(await rights.missing(runtime, driver, signal), { needed: [], useful: [] });
  t.is(asked.times, 1);
  asked.isLacking = ({ resource, verb }) => resource === 'nodes' || (resource === '*' && verb === 'list');
  const found = await rights.missing(runtime, driver, signal);
  t.true(found.useful.includes('list nodes'), JSON.stringify(found));
});

test('while a right is missing every look asks, so that it is seen at once when it is given', async (t) => {
  const { asked, driver } = createAsked();
  asked.isLacking = ({ verb }) => verb === 'delete';
  const rights = createRights();
  t.true((await rights.missing(runtime, driver, signal)).needed.length > 0);
  asked.isLacking = () => false;
  t.deepEqual(await rights.missing(runtime, driver, signal), { needed: [], useful: [] });
});

test('another generation, and a cluster that was away, are asked at once', async (t) => {
  const { asked, driver } = createAsked();
  const rights = createRights();
  await rights.missing(runtime, driver, signal);
  await rights.missing({ ...runtime, generation: 2 }, driver, signal);
  t.is(asked.times, 2);
  rights.forget('prod');
  await rights.missing({ ...runtime, generation: 2 }, driver, signal);
  t.is(asked.times, 3);
});
