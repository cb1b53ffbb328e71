import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import { rulesFor } from '../../cli/cluster/rights.js';
import { type MadeServiceAccount, makeServiceAccount, registrationName } from '../../cli/cluster/service-account.js';
import { NotHealthyError } from '../../cli/errors.js';
import type { KubernetesDriver } from '../../drivers/kubernetes/driver.js';
import { createKubernetesDriver } from '../../drivers/kubernetes/kubernetes-driver.js';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { type Clock, systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { eventually } from '../helpers/eventually.js';
import { needs } from '../helpers/needs.js';
import { startTestServer } from '../helpers/server.js';
import { shop } from '../loop/apps.js';
import { type RealLoopWorld, startRealWorld } from '../loop/real-world.js';
import { createRig, type Rig } from '../loop/rig.js';
import { declareRuntimeList } from '../loop/runtime-list.js';

const test = needs('kubernetes');
let world: RealLoopWorld;

test.before(async () => {
  world = await startRealWorld();
});
test.after.always(() => world?.close());

declareRuntimeList(test, () => world);

const signal = new AbortController().signal;
const everything = rulesFor({ rbac: true });
const day = 24 * 3600_000;

test('a registration made twice is one registration, and what was taken from it is mended', async (t) => {
  const registration = registrationOf(t);
  const admin = world.openDriver('');
  t.teardown(() => admin.close());
  const first = await makeServiceAccount(admin, registration, everything, signal);
  await world.plane.kubectl(['delete', 'clusterrolebinding', first.name]);
  await world.plane.kubectl(['delete', 'serviceaccount', first.name, '-n', first.name]);
  const second = await makeServiceAccount(admin, registration, everything, signal);
  t.is(second.name, first.name);
  t.deepEqual(
    await withToken(t, second.token).missingRights([{ verb: 'create', group: '*', resource: '*' }], signal),
    [],
  );
  const other = { ...registration, incarnation: randomUUID() };
  t.not(registrationName(other), first.name, 'another plane on the same cluster has its own');
});

test('who may not make a service account is told which rights are missing, and nothing is made', async (t) => {
  const registration = registrationOf(t);
  const reader = await serviceAccount(t, { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] }] });
  await t.throwsAsync(makeServiceAccount(withToken(t, reader.token), registration, everything, signal), {
    instanceOf: NotHealthyError,
    message: /^You may not make a service account in this cluster\. Missing: create namespaces, patch namespaces, /,
  });
  const name = registrationName(registration);
  t.is(await world.plane.kubectl(['get', 'namespace', name, '--ignore-not-found', '-o', 'name']), '');
});

test('who has not the rights that they would hand out is told so, and nothing is made', async (t) => {
  const registration = registrationOf(t);
  const rbac = ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'];
  const verbs = ['get', 'create', 'patch'];
  const maker = await serviceAccount(t, {
    rules: [
      { apiGroups: [''], resources: ['namespaces', 'serviceaccounts', 'serviceaccounts/token'], verbs },
      { apiGroups: ['rbac.authorization.k8s.io'], resources: rbac, verbs },
    ],
  });
  const error = await t.throwsAsync(makeServiceAccount(withToken(t, maker.token), registration, everything, signal), {
    instanceOf: NotHealthyError,
    message: /^You may not give a service account these rights/,
  });
  t.regex(error?.next ?? '', /--rights FILE or --no-rbac/);
  const name = registrationName(registration);
  t.is(await world.plane.kubectl(['get', 'namespace', name, '--ignore-not-found', '-o', 'name']), '');
});

test.serial(
  'a token is renewed when half of its time is over, and the renewed one is used after a restart',
  async (t) => {
    const account = await serviceAccount(t);
    const admin = world.openDriver('');
    t.teardown(() => admin.close());
    const short = await admin.requestToken({
      namespace: account.name,
      serviceAccount: account.name,
      // The least that an API server gives.
      expiresInSeconds: 600,
      signal,
    });
    const rig = await rigOf(t, { ...account, ...short });
    const first = rig.start();
    await rig.becomes(rig.runtimeId, 'Healthy');
    t.is(Date.parse(await expiryOf(rig)), Date.parse(short.expiresAt), 'it is not renewed before its time');
    await first.close();

    // Half of ten minutes, and a minute: for the controllers alone, so that the short token stays good.
    const later = rig.start({ clock: ahead(360_000) });
    await eventually(async () => isAbove(Date.parse(await expiryOf(rig)), Date.now() + 20 * day), {
      timeoutMs: 30_000,
    });
    const renewed = await expiryOf(rig);
    await later.close();

    rig.start();
    await rig.becomes(rig.runtimeId, 'Healthy');
    await rig.becomes((await rig.deploy(shop())).id, 'Healthy');
    t.is(await expiryOf(rig), renewed);
  },
);

test.serial('a token that may not be renewed is used on, and what is missing is named, until it may', async (t) => {
  const account = await serviceAccount(t);
  const rig = await rigOf(t, account);
  await world.plane.kubectl(['delete', 'rolebinding', account.name, '-n', account.name]);
  await replaceRules(account, [
    { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch', 'patch', 'delete'] },
  ]);
  rig.start({ clock: ahead(16 * day) });
  await rig.says(rig.runtimeId, /^The credential may not create serviceaccounts\/token in portolan-/);
  const seen = await rig.health(rig.runtimeId);
  t.is(`${seen.health} ${seen.reason}`, 'Degraded MissingRights');
  t.regex(seen.message, /create namespaces/);
  t.true((await observedOf(rig)).version !== undefined, 'it is looked at with the old one');
  await eventually(
    async () => {
      const { events } = await rig.sdk.ListEvents({ filter: { resourceId: rig.runtimeId } });
      const isTold = events.nodes.some(
        ({ reason, message }) => reason === 'RenewalFailed' && message.includes('--renew'),
      );
      if (!isTold) throw new Error('No event tells of it.');
    },
    { timeoutMs: 30_000 },
  );

  const admin = world.openDriver('');
  t.teardown(() => admin.close());
  await makeServiceAccount(admin, account.registration, everything, signal);
  await rig.becomes(rig.runtimeId, 'Healthy');
  await eventually(async () => isAbove(Date.parse(await expiryOf(rig)), Date.parse(account.expiresAt)), {
    timeoutMs: 30_000,
  });
});

test.serial(
  'a token whose account is gone is refused with the command that renews, and a new one is taken at once',
  async (t) => {
    const account = await serviceAccount(t);
    const rig = await rigOf(t, account);
    rig.start();
    await rig.becomes(rig.runtimeId, 'Healthy');
    const instance = await rig.deploy(shop());
    await rig.becomes(instance.id, 'Healthy');
    const before = await rig.uids(instance);

    await world.plane.kubectl(['delete', 'serviceaccount', account.name, '-n', account.name]);
    const seen = await rig.says(rig.runtimeId, /portolan runtime add target --renew/);
    t.is(`${seen.health} ${seen.reason}`, 'Degraded CredentialRefused');
    t.true((await observedOf(rig)).version !== undefined, 'what was seen last stays');

    const admin = world.openDriver('');
    t.teardown(() => admin.close());
    const anew = await makeServiceAccount(admin, account.registration, everything, signal);
    const edit = { op: 'UPDATE' as const, kind: 'KubernetesRuntime', name: 'target', spec: specOf(anew) };
    await rig.sdk.Apply({ input: { edits: [edit] } });
    await rig.becomes(rig.runtimeId, 'Healthy');
    await rig.becomes(instance.id, 'Healthy');
    t.deepEqual(await rig.uids(instance), before, 'nothing was made anew');
  },
);

test.serial('rights that are only useful are named, and apps are deployed all the same', async (t) => {
  const most = [
    'namespaces',
    'pods',
    'configmaps',
    'secrets',
    'services',
    'serviceaccounts',
    'persistentvolumeclaims',
    'events',
    'pods/log',
  ];
  const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
  const account = await serviceAccount(t, {
    rules: [
      { apiGroups: [''], resources: most, verbs },
      { apiGroups: ['apps'], resources: ['*'], verbs },
    ],
  });
  const rig = await rigOf(t, account);
  rig.start();
  await rig.becomes(rig.runtimeId, 'Healthy');
  const seen = await rig.health(rig.runtimeId);
  t.is(seen.reason, 'MissingRights');
  t.regex(seen.message, /^The credential may not list nodes, .*create every kind/);
  await rig.becomes((await rig.deploy(shop())).id, 'Healthy');
});

test.serial('a removed runtime leaves the cluster as it was', async (t) => {
  const account = await serviceAccount(t, {
    rules: [{ apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['*'] }],
  });
  const rig = await rigOf(t, account);
  rig.start();
  await rig.becomes(rig.runtimeId, 'Healthy');
  await rig.sdk.Apply({ input: { edits: [{ op: 'DELETE', kind: 'KubernetesRuntime', name: 'target' }] } });
  t.is((await rig.becomes(rig.runtimeId, 'gone')).health, 'gone');
  await eventually(
    async () => {
      const left = await Promise.all(
        ['namespace', 'clusterrole', 'clusterrolebinding'].map((kind) =>
          world.plane.kubectl(['get', kind, account.name, '--ignore-not-found', '-o', 'name']),
        ),
      );
      if (left.join('') !== '') throw new Error(left.join());
    },
    { timeoutMs: 60_000 },
  );
});

test.serial(
  'a namespace that registering did not make stays, whatever the spec of a removed runtime says',
  async (t) => {
    const name = `others-${randomUUID().slice(0, 8)}`;
    await world.plane.kubectl(['create', 'namespace', name]);
    t.teardown(() => world.plane.kubectl(['delete', 'namespace', name, '--wait=false']));
    const rig = await rigOf(t, { name, token: world.plane.adminToken, expiresAt: '', made: [] });
    rig.start();
    await rig.becomes(rig.runtimeId, 'Healthy');
    await rig.sdk.Apply({ input: { edits: [{ op: 'DELETE', kind: 'KubernetesRuntime', name: 'target' }] } });
    await rig.becomes(rig.runtimeId, 'gone');
    const left = JSON.parse(await world.plane.kubectl(['get', 'namespace', name, '-o', 'json']));
    t.is(left.metadata.deletionTimestamp, undefined);
  },
);

test.serial('a runtime that cannot be reached is not forgotten, and says how it can be', async (t) => {
  const account = await serviceAccount(t);
  const rig = await rigOf(t, account);
  rig.start();
  await rig.becomes(rig.runtimeId, 'Healthy');
  await world.goAway(rig.runtimeId);
  t.teardown(() => world.comeBack(rig.runtimeId));
  await rig.sdk.Apply({ input: { edits: [{ op: 'DELETE', kind: 'KubernetesRuntime', name: 'target' }] } });
  await eventually(
    async () => {
      const { node } = await rig.sdk.GetControlledResource({ id: rig.runtimeId });
      const synced = node && 'status' in node ? node.status.conditions.find(({ type }) => type === 'Synced') : null;
      if (!/portolan runtime remove target --force/.test(synced?.message ?? ''))
        throw new Error(JSON.stringify(synced));
    },
    { timeoutMs: 60_000 },
  );
  await world.comeBack(rig.runtimeId);
  t.is((await rig.becomes(rig.runtimeId, 'gone')).health, 'gone', 'it goes on by itself');
});

interface Account extends MadeServiceAccount {
  readonly registration: ReturnType<typeof registrationOf>;
}

function registrationOf(t: ExecutionContext) {
  const registration = { incarnation: randomUUID(), project: 'default', runtime: 'target' };
  t.teardown(async () => {
    await world.plane.kubectl([
      'delete',
      'namespace',
      registrationName(registration),
      '--ignore-not-found',
      '--wait=false',
    ]);
  });
  return registration;
}

async function serviceAccount(t: ExecutionContext, { rules = everything } = {}): Promise<Account> {
  const registration = registrationOf(t);
  const admin = world.openDriver('');
  try {
    return { registration, ...(await makeServiceAccount(admin, registration, rules, signal)) };
  } finally {
    await admin.close();
  }
}

async function replaceRules({ name }: Account, rules: readonly object[]): Promise<void> {
  const patch = JSON.stringify([{ op: 'replace', path: '/rules', value: rules }]);
  await world.plane.kubectl(['patch', 'clusterrole', name, '--type=json', `--patch=${patch}`]);
}

function withToken(t: ExecutionContext, token: string): KubernetesDriver {
  const { server, caPem: certificateAuthority } = world.plane;
  const driver = createKubernetesDriver(
    { server, certificateAuthority, token },
    { clock: systemClock, log: silentLog },
  );
  t.teardown(() => driver.close());
  return driver;
}

function specOf({ name, token }: MadeServiceAccount): JsonObject {
  const { cluster, ...spec } = world.runtimeSpec;
  return {
    ...spec,
    cluster: { ...(isJsonObject(cluster) ? cluster : {}), token, serviceAccount: { namespace: name, name } },
  };
}

async function rigOf(t: ExecutionContext, account: MadeServiceAccount): Promise<Rig> {
  t.timeout(180_000);
  return createRig(t, await startTestServer(t), { ...world, runtimeSpec: specOf(account) });
}

async function observedOf(rig: Rig): Promise<JsonObject> {
  const { node } = await rig.sdk.GetControlledResource({ id: rig.runtimeId });
  const observed = node && 'status' in node ? node.status.observed : {};
  return isJsonObject(observed) ? observed : {};
}

async function expiryOf(rig: Rig): Promise<string> {
  return String((await observedOf(rig)).credentialExpiresAt);
}

function isAbove(value: number, bound: number): void {
  if (!(value > bound)) throw new Error(`${value} is not above ${bound}.`);
}

/** The machine's clock, and so much ahead of it. */
function ahead(byMs: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + byMs };
}
