import test from 'ava';
import type { Clusters, RuntimeSpec } from '../../../controllers/cluster/clusters.js';
import { type Renewals, renewIfDue } from '../../../controllers/kubernetes-runtime/renewal.js';
import type { KubernetesDriver } from '../../../drivers/kubernetes/driver.js';
import { CredentialRefusedError } from '../../../drivers/kubernetes/errors.js';
import { createManualClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import type { EventReport, ResourceView } from '../../../sdk/resource.js';
import type { ResourceClient } from '../../../sdk/resource-client.js';

const hour = 3600_000;

/** A cluster that gives tokens of ten hours by its own clock, which is behind that of the plane by `behindMs`. */
function make({ behindMs = 0, isNewTokenGood = true } = {}) {
  const clock = createManualClock();
  const stored: string[] = [];
  const events: EventReport[] = [];
  const renewals: Renewals = new Map();
  const issue = () => ({ issuedAtMs: clock.now() - behindMs, expiresAtMs: clock.now() - behindMs + 10 * hour });
  let lifetime = issue();
  const spec: RuntimeSpec = {
    provider: 'kubeconfig',
    cluster: { server: 'https://203.0.113.7', token: 'old', serviceAccount: { namespace: 'n', name: 'n' } },
  };
  const driver = { requestToken: async () => ({ token: `token ${stored.length}`, expiresAt: '' }) };
  const clusters = {
    tokenLifetime: () => lifetime,
    get: async () => ({ driver }),
    renew: () => {
      lifetime = issue();
    },
  };
  const client = {
    get: async () => ({ id: 'r', name: 'prod', spec, deletionRequestedAt: null }) as ResourceView<RuntimeSpec>,
    storeSecret: async (_id: string, { value }: { readonly value: string }) => void stored.push(value),
  };
  const tried: (string | undefined)[] = [];
  const options = {
    client: client as unknown as ResourceClient<RuntimeSpec>,
    clusters: clusters as unknown as Clusters,
    openDriver: (_id: string, opened: RuntimeSpec) => {
      const version = async () => {
        tried.push(opened.cluster?.token);
        if (isNewTokenGood) return 'v1.36.2';
        throw new CredentialRefusedError('It does not accept the credential.', 401);
      };
      return { version, close: async () => {} } as unknown as KubernetesDriver;
    },
  };
  const lease = { key: 'k', holder: 'h', epoch: 1, deadlineMs: Number.POSITIVE_INFINITY };
  const event = (told: EventReport) => void events.push(told);
  const context = { clock, log: silentLog, signal: new AbortController().signal, lease, event };
  return { clock, stored, events, tried, look: () => renewIfDue(options, renewals, 'r', context) };
}

test('a token is renewed at half of its time, once, and then again at half of the next', async (t) => {
  const { clock, stored, look } = make();
  clock.step(5 * hour - 1);
  t.false(await look());
  clock.step(1);
  t.true(await look());
  t.false(await look());
  clock.step(5 * hour);
  t.true(await look());
  t.deepEqual(stored, ['token 0', 'token 1']);
});

test('a clock that is ahead of the cluster does not renew at every look', async (t) => {
  const { clock, stored, look } = make({ behindMs: 7 * hour });
  for (let minutes = 0; minutes < 60; minutes += 1) {
    await look();
    clock.step(60_000);
  }
  t.is(stored.length, 1);
  clock.step(4 * hour);
  t.true(await look());
});

test('a new token that the cluster refuses is not kept, and that is told with what to do', async (t) => {
  const { clock, stored, events, tried, look } = make({ isNewTokenGood: false });
  clock.step(6 * hour);
  t.false(await look());
  t.deepEqual(tried, ['token 0'], 'it was tried');
  t.deepEqual(stored, []);
  t.like(events[0], { type: 'Warning', reason: 'RenewalFailed' });
  t.regex(events[0]?.message ?? '', /does not accept the credential\. .*portolan runtime add prod --renew/);
});
