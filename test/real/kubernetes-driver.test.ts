import type { ExecutionContext } from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import { readKubeconfig } from '../../drivers/kubernetes/cluster-access.js';
import type { ClusterAccess } from '../../drivers/kubernetes/driver.js';
import { UnreachableError } from '../../drivers/kubernetes/errors.js';
import { createHttpTransport } from '../../drivers/kubernetes/http-transport.js';
import { createKubernetesDriver } from '../../drivers/kubernetes/kubernetes-driver.js';
import { createReflector } from '../../drivers/kubernetes/reflector.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { registerConformance } from '../drivers/conformance.js';
import { registerRights } from '../drivers/conformance-questions.js';
import { make } from '../drivers/make.js';
import { configMaps, equal, patience } from '../drivers/steps.js';
import { startControlPlane } from '../helpers/control-plane.js';
import { eventually } from '../helpers/eventually.js';
import { needs } from '../helpers/needs.js';
import { type SharedControlPlane, sharedControlPlane } from '../helpers/shared-control-plane.js';

const test = needs('kubernetes');
const signal = new AbortController().signal;

const given = registerConformance({
  test,
  async open(t) {
    const plane = await sharedControlPlane();
    const access = accessTo(plane);
    return {
      transport: transportOf(t, access),
      // Port 1 of the loopback is reserved, and nothing listens there.
      unreachable: driverOf(t, { ...access, server: 'https://127.0.0.1:1' }),
      refused: driverOf(t, { ...access, token: 'wrong-token' }),
    };
  },
  /** An API server that was started anew knows only what came after that. */
  async openWithPast(t) {
    const plane = await startControlPlane();
    t.teardown(() => plane.close());
    const transport = transportOf(t, accessTo(plane));
    const driver = createApiDriver(transport);
    const { metadata } = await driver.apply(make.configMap('default', 'chart', { depth: '7' }), {
      force: false,
      signal,
    });
    await driver.apply(make.configMap('default', 'chart', { depth: '8' }), { force: false, signal });
    await plane.startApiServer();
    return { transport, resourceVersion: metadata.resourceVersion ?? '' };
  },
  async openForgetful(t) {
    const plane = await startControlPlane();
    t.teardown(() => plane.close());
    return { transport: transportOf(t, accessTo(plane)), forget: () => plane.forgetPast() };
  },
});

registerRights(test, given, async (t, token) => {
  const { server, caPem } = await sharedControlPlane();
  return driverOf(t, { server, certificateAuthority: caPem, token });
});

test('a reflector keeps what it has while the API server is away, and catches up', async (t) => {
  const plane = await startControlPlane();
  t.teardown(() => plane.close());
  const driver = driverOf(t, accessTo(plane));
  const labels = { sea: 'north' };
  const apply = (name: string) => driver.apply(make.configMap('default', name, {}, labels), { force: false, signal });
  await apply('before');
  const reflector = createReflector({
    driver,
    type: configMaps,
    selector: 'sea=north',
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  });
  t.teardown(() => reflector.close());
  const names = () =>
    reflector
      .list()
      .map((object) => object.metadata.name)
      .sort()
      .join();
  await eventually(() => equal(names(), 'before'), patience);

  await plane.stopApiServer();
  await eventually(() => equal(reflector.isFresh, false), patience);
  t.is(names(), 'before');
  await plane.startApiServer();
  await apply('after');
  await eventually(() => equal(names(), 'after,before'), patience);
  t.true(reflector.isFresh);
});

test('logs in with the certificate of a kubeconfig', async (t) => {
  const plane = await sharedControlPlane();
  const driver = driverOf(t, readKubeconfig(plane.kubeconfig));
  t.is(await driver.version(signal), `v${plane.version}`);
  const pods = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true };
  t.regex((await driver.list(pods, { selector: '', signal })).resourceVersion, /^\d+$/);
});

test('says that a certificate is not trusted when its CA is not given', async (t) => {
  const plane = await sharedControlPlane();
  const driver = driverOf(t, { server: plane.server, token: plane.adminToken });
  const error = await t.throwsAsync(driver.version(signal), { instanceOf: UnreachableError });
  t.regex(error?.message ?? '', /its certificate is not trusted/);
});

test('says that a name is not found', async (t) => {
  const driver = driverOf(t, { server: 'https://nowhere.invalid:6443', token: 'wrong-token' });
  const error = await t.throwsAsync(driver.version(signal), { instanceOf: UnreachableError });
  t.regex(error?.message ?? '', /nowhere\.invalid:6443: its name (was not found|could not be looked up)/);
});

function accessTo(plane: SharedControlPlane): ClusterAccess {
  return { server: plane.server, certificateAuthority: plane.caPem, token: plane.adminToken };
}

function transportOf(t: ExecutionContext, access: ClusterAccess) {
  const transport = createHttpTransport(access, { clock: systemClock });
  t.teardown(() => transport.close());
  return transport;
}

function driverOf(t: ExecutionContext, access: ClusterAccess) {
  const driver = createKubernetesDriver(access, { log: silentLog, clock: systemClock });
  t.teardown(() => driver.close());
  return driver;
}
