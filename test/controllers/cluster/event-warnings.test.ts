import test from 'ava';
import { type ClusterEvent, readClusterEvent } from '../../../controllers/cluster/cluster-event.js';
import { createEventWarnings } from '../../../controllers/cluster/event-warnings.js';

let serial = 100;

function event(reason: string, given: Partial<ClusterEvent> & { kind?: string } = {}): ClusterEvent {
  const { kind = 'StatefulSet', ...fields } = given;
  serial += 1;
  return {
    uid: `event-${serial}`,
    resourceVersion: String(serial),
    type: 'Warning',
    reason,
    message: `${reason} said`,
    count: 1,
    firstAt: '2026-01-01T00:00:00Z',
    lastAt: '2026-01-01T00:00:00Z',
    about: { apiVersion: 'v1', kind, namespace: 'dev', name: 'web', uid: 'uid-web', title: `${kind}/dev/web` },
    ...fields,
  };
}

const told = (events: readonly ClusterEvent[], kind = 'StatefulSet', uid?: string) => {
  const warnings = createEventWarnings();
  const news = events.map((each) => warnings.take(each));
  const about = { kind, namespace: 'dev', name: 'web', ...(uid && { uid }) };
  return { warnings, news, holds: warnings.of(about).map(({ reason, message }) => [reason, message]) };
};

const rows = [
  { title: 'what failed holds', events: [event('FailedCreate')], holds: ['FailedCreate'] },
  { title: 'a later success ends it', events: [event('FailedCreate'), event('SuccessfulCreate')], holds: [] },
  {
    title: 'an earlier success does not end it, in whatever order both come',
    events: [
      event('FailedCreate', { lastAt: '2026-01-01T00:00:09Z' }),
      event('SuccessfulCreate', { lastAt: '2026-01-01T00:00:08.5Z' }),
    ],
    holds: ['FailedCreate'],
  },
  {
    title: 'in the same second the later version decides',
    events: [event('SuccessfulCreate', { resourceVersion: '9' }), event('FailedCreate', { resourceVersion: '10' })],
    holds: ['FailedCreate'],
  },
  {
    title: 'a success alone says nothing',
    events: [event('SuccessfulCreate')],
    holds: [],
  },
  {
    title: 'a pod that cannot mount a volume is told of until it pulls its image',
    kind: 'Pod',
    events: [event('FailedMount', { kind: 'Pod' }), event('Pulling', { kind: 'Pod' })],
    holds: [],
  },
  {
    title: 'a claim says what it waits for',
    kind: 'PersistentVolumeClaim',
    events: [
      event('WaitForFirstConsumer', { kind: 'PersistentVolumeClaim', type: 'Normal' }),
      event('ProvisioningFailed', { kind: 'PersistentVolumeClaim' }),
    ],
    holds: ['ProvisioningFailed'],
  },
  { title: 'reasons that explain nothing are passed over', events: [event('Unhealthy')], holds: [] },
  {
    title: 'a reason counts for the kind that it is known of alone',
    events: [event('Pulling'), event('FailedMount')],
    holds: [],
  },
];

for (const { title, kind, events, holds } of rows) {
  test(title, (t) => {
    t.deepEqual(
      told(events, kind).holds.map(([reason]) => reason),
      holds,
    );
  });
}

test('only what says something new is news', (t) => {
  const first = event('FailedCreate');
  const again = { ...first, resourceVersion: '1000', count: 2 };
  const other = { ...first, resourceVersion: '1001', message: 'another quota' };
  const end = event('SuccessfulCreate', { resourceVersion: '1002', lastAt: '2026-01-01T00:00:01Z' });
  t.deepEqual(told([first, again, other, end]).news, [true, false, true, true]);
});

test('the same failure with the name of another pod is no news', (t) => {
  const failed = (pod: string) =>
    event('FailedCreate', { kind: 'DaemonSet', message: `Error creating: pods "web-${pod}" is forbidden: no account` });
  t.deepEqual(told([failed('a1'), failed('b2')], 'DaemonSet').news, [true, false]);
});

test('a warning ends with its event, and with the namespace that nobody asks for any more', (t) => {
  const [a, b] = [event('FailedCreate'), event('FailedCreate', { kind: 'Pod' })];
  const { warnings } = told([a, b]);
  t.true(warnings.forget(a));
  t.false(warnings.forget(a));
  t.deepEqual(warnings.of({ kind: 'StatefulSet', namespace: 'dev', name: 'web' }), []);
  t.is(warnings.of({ kind: 'Pod', namespace: 'dev', name: 'web' }).length, 1);
  warnings.drop('dev');
  t.deepEqual(warnings.of({ kind: 'Pod', namespace: 'dev', name: 'web' }), []);
});

test('what is told of an object of the same name that is gone says nothing of this one', (t) => {
  t.is(told([event('FailedCreate')], 'StatefulSet', 'uid-web').holds.length, 1);
  t.is(told([event('FailedCreate')], 'StatefulSet', 'uid-new').holds.length, 0);
});

test('both generations of events are read', (t) => {
  const involvedObject = { apiVersion: 'v1', kind: 'Pod', namespace: 'dev', name: 'web', uid: 'u' };
  const metadata = {
    name: 'e',
    namespace: 'dev',
    uid: 'e-1',
    resourceVersion: '7',
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  const base = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    involvedObject,
    type: 'Warning',
    reason: 'R',
    message: 'm',
  };
  t.like(
    readClusterEvent({
      ...base,
      count: 4,
      firstTimestamp: '2026-01-01T00:00:01Z',
      lastTimestamp: '2026-01-01T00:00:02Z',
    }),
    { count: 4, firstAt: '2026-01-01T00:00:01Z', lastAt: '2026-01-01T00:00:02Z', about: { title: 'Pod/dev/web' } },
  );
  t.like(
    readClusterEvent({
      ...base,
      eventTime: '2026-01-01T00:00:03.000001Z',
      series: { count: 9, lastObservedTime: '2026-01-01T00:00:05.000000Z' },
    }),
    { count: 9, firstAt: '2026-01-01T00:00:03.000001Z', lastAt: '2026-01-01T00:00:05.000000Z' },
  );
  t.like(readClusterEvent({ ...base, eventTime: null, count: 0 }), { count: 1, lastAt: '2026-01-01T00:00:00Z' });
  t.is(readClusterEvent({ ...base, involvedObject: {} }), null);
});
