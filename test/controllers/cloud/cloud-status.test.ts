import test from 'ava';
import type { CloudObservation, LookedAt } from '../../../controllers/cloud/cloud-observation.js';
import { cloudStatus } from '../../../controllers/cloud/cloud-status.js';
import { network } from '../../../controllers/network/network.js';
import type { CloudResource } from '../../../drivers/cloud/driver.js';
import { makeCloud } from './make-cloud.js';

const resource = makeCloud.resource('Network', { account: 'cloud', location: 'local' });
const key = { type: 'network', name: 'x' } as const;
const attributes = { id: 'vpc-1', subnetIds: ['a'] };
const seen = makeCloud.seen({ properties: { cidr: '10.0.0.0/16' }, attributes });

function looked(found: CloudResource | null, rest: Partial<LookedAt<typeof resource.spec>> = {}) {
  const look = makeCloud.look(resource, { seen: found });
  const wish = network.propertiesOf(look);
  return { type: 'looked' as const, key, look, wish, isAwaited: false, overIntents: [], ...rest };
}

const say = (observation: CloudObservation<typeof resource.spec>, pending: number = 0) => {
  const action = { type: 'await' as const, message: 'It is busy.' };
  const report = cloudStatus(
    network,
    resource,
    observation,
    Array.from({ length: pending }, () => action),
  );
  return { ...report, text: report.conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`).join() };
};

test('is healthy when it was seen to be as desired', (t) => {
  const report = say(looked(seen));
  t.is(report.health, 'Healthy');
  t.is(report.text, 'Ready True Available,Synced True InSync');
  t.deepEqual(report.outputs, { networkId: 'vpc-1', subnetIds: ['a'] });
  t.deepEqual(report.observed, { cloudId: 'vpc-1', state: 'available' });
});

test('tells what is under way, and gives nothing that is not there', (t) => {
  t.is(say(looked(null)).text, 'Ready False Progressing,Synced False Applying');
  t.regex(say(looked(null, { isAwaited: true })).conditions[0]?.message ?? '', /not shown yet/);
  const creating = say(looked({ ...seen, state: 'creating', attributes: {} }));
  t.is(creating.health, 'Progressing');
  t.is(creating.conditions[0]?.message, 'It is creating.');
  t.deepEqual(creating.outputs, {});
});

test('tells what does not work and what could not be made', (t) => {
  const impaired = say(looked({ ...seen, state: 'impaired', message: 'its disk is full' }));
  t.is(impaired.health, 'Degraded');
  t.is(impaired.text, 'Ready False ObjectFailed,Synced True InSync');
  t.deepEqual(impaired.outputs, { networkId: 'vpc-1', subnetIds: ['a'] }, 'what others use stays');
  const failed = say(looked({ ...seen, state: 'failed', message: 'no room', attributes: {} }));
  t.is(failed.text, 'Ready False ObjectFailed,Synced False ApplyFailed');
  t.regex(failed.conditions[0]?.message ?? '', /no room/);
});

test('names what it would have to be made anew for, and does not claim to be ready', (t) => {
  const report = say(looked({ ...seen, properties: { cidr: '10.9.0.0/16' } }));
  t.is(report.text, 'Ready False Immutable,Synced False Immutable');
  t.regex(report.conditions[0]?.message ?? '', /cidr: "10\.9\.0\.0\/16" -> "10\.0\.0\.0\/16"/);
  t.deepEqual(report.outputs, { networkId: 'vpc-1', subnetIds: ['a'] });
});

test('remembers which one was there last', (t) => {
  const status = { ...resource.status, observed: { cloudId: 'vpc-1', state: 'available' } };
  const report = cloudStatus(network, { ...resource, status }, looked(null), []);
  t.deepEqual(report.observed, { cloudId: 'vpc-1', state: 'absent' });
});

test('what leaves says what it waits for', (t) => {
  const leaving = { ...resource, deletionRequestedAt: '2026-01-01T00:00:00.000Z' };
  const pending = [{ type: 'await' as const, message: 'It is creating.' }];
  const report = cloudStatus(network, leaving, looked(seen, { wish: null }), pending);
  t.is(report.conditions[0]?.reason, 'Terminating');
  t.is(report.conditions[0]?.message, 'It is creating.');
});

test('what cannot be looked for waits, and keeps what it said last', (t) => {
  const outputs = { networkId: { value: 'vpc-1', version: 3 } };
  const known = { ...resource, status: { ...resource.status, outputs } };
  const report = cloudStatus(network, known, { type: 'unknown', waitsFor: 'In which location?' }, []);
  t.is(report.conditions[0]?.reason, 'WaitingForDependency');
  t.deepEqual(report.outputs, { networkId: 'vpc-1' });
});
