import anyTest, { type TestFn } from 'ava';
import type { ObjectRow } from '../../../db/contract.js';
import { BlockedError, ConflictError, NotFoundError } from '../../../lib/errors.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const makeObject = (name: string, given: Partial<ObjectRow> = {}): ObjectRow => ({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  namespace: 'default',
  name,
  state: 'present',
  origin: 'created',
  uid: 'uid-1',
  appliedHash: 'hash-1',
  health: 'Healthy',
  reason: null,
  message: '',
  drift: null,
  ...given,
});

async function makeWorkloads(plane: TestPlane, name: string) {
  const { edits } = await plane.store.commit(
    makeChangeset([
      makeEdit.runtime(name),
      makeEdit.environment(name, { spec: { runtime: name } }),
      makeEdit.app(name),
      makeEdit.instance(name, name),
    ]),
    plane.operator,
  );
  const runtimeId = edits[0]?.resourceId ?? '';
  const fence = await plane.lease(`KubernetesRuntime/${runtimeId}`);
  const owned = await plane.rows<{ id: string }>('select id from resource where owner_id = $1 order by name desc', [
    edits[3]?.resourceId ?? '',
  ]);
  const report = (resourceId: string, objects: ObjectRow[], absent: ObjectRow[] = []) =>
    plane.store.reportObjects({ resourceId, fence, runtimeId, objects, absent }, plane.controller);
  return { runtimeId, fence, web: owned[0]?.id ?? '', namespace: owned[1]?.id ?? '', report };
}

test('what a pass saw before others told of a newer status is refused, and undoes nothing', async (t) => {
  const plane = t.context.plane;
  const { fence, runtimeId, web, report } = await makeWorkloads(plane, 'late');
  await report(web, [makeObject('a')]);
  const status = { resourceId: web, fence, observedGeneration: 1, health: 'Healthy' as const, conditions: [] };
  const { statusVersion } = await plane.store.reportStatus(
    { ...status, statusVersion: 0, outputs: {}, observed: {}, consumed: [] },
    plane.controller,
  );
  const seen = { resourceId: web, fence, runtimeId, objects: [makeObject('a', { uid: 'older' })], absent: [] };
  await t.throwsAsync(plane.store.reportObjects({ ...seen, statusVersion: 0 }, plane.controller), {
    instanceOf: ConflictError,
    message: /is at version 1; these objects were seen by a pass that began with 0/,
  });
  const [answer] = await plane.store.report(
    [{ type: 'objects', input: { ...seen, objects: [], absent: [makeObject('a')], statusVersion: 0 } }],
    plane.controller,
  );
  t.is(answer?.type, 'refused');
  t.deepEqual(await plane.rows('select name, uid from object where resource_id = $1', [web]), [
    { name: 'a', uid: 'uid-1' },
  ]);
  t.deepEqual(await plane.store.reportObjects({ ...seen, statusVersion }, plane.controller), { changed: 1 });
});

test('the inventory is written where it changed, and shrinks only by what was seen to be absent', async (t) => {
  const plane = t.context.plane;
  const { web, report } = await makeWorkloads(plane, 'inventory');
  const [a, b] = [makeObject('a'), makeObject('b')];
  t.deepEqual(await report(web, [a, b]), { changed: 2 });
  t.deepEqual(await report(web, [a, b]), { changed: 0 });
  t.deepEqual(await report(web, [a]), { changed: 0 });
  t.deepEqual(await report(web, [makeObject('a', { health: 'Degraded', reason: 'CrashLoop' })], [b]), { changed: 2 });
  t.deepEqual(await plane.rows('select name, health, reason from object where resource_id = $1', [web]), [
    { name: 'a', health: 'Degraded', reason: 'CrashLoop' },
  ]);
  t.is((await plane.rows(`select from revision where resource_id = $1 and op = 'objects'`, [web])).length, 2);
});

test('an object has one owner, and who claims it too is told who that is', async (t) => {
  const plane = t.context.plane;
  const { web, namespace, report } = await makeWorkloads(plane, 'owned');
  await report(web, [makeObject('mine')]);
  const error = await t.throwsAsync(report(namespace, [makeObject('other'), makeObject('mine')]), {
    instanceOf: ConflictError,
    message: new RegExp(`Deployment/default/mine belongs to Workload web \\(${web}\\)`),
  });
  t.is(error.details.owner, web);
  t.deepEqual(await plane.rows('select from object where resource_id = $1', [namespace]), []);
});

test('a resource cannot be finalized while it has objects', async (t) => {
  const plane = t.context.plane;
  const { web, fence, report } = await makeWorkloads(plane, 'holding');
  await report(web, [makeObject('left')]);
  await plane.store.commit(makeChangeset([makeEdit.delete(makeEdit.instance('holding', 'holding'))]), plane.operator);
  const finalize = () => plane.store.finalize({ resourceId: web, fence, generation: 2 }, plane.controller);
  const error = await t.throwsAsync(finalize(), { instanceOf: BlockedError });
  t.deepEqual(error.details.blockers, ['Deployment/default/left']);
  await report(web, [], [makeObject('left')]);
  await finalize();
  t.deepEqual(await plane.rows('select from resource where id = $1', [web]), []);
});

test('objects on a runtime that is not there are refused', async (t) => {
  const plane = t.context.plane;
  const { web, fence } = await makeWorkloads(plane, 'astray');
  const runtimeId = plane.operator.principalId;
  const input = { resourceId: web, fence, runtimeId, objects: [makeObject('a')], absent: [] };
  await t.throwsAsync(plane.store.reportObjects(input, plane.controller), { instanceOf: NotFoundError });
});

test('equal events are counted, and only the first of them is a revision', async (t) => {
  const plane = t.context.plane;
  const { web, fence } = await makeWorkloads(plane, 'eventful');
  const event = { type: 'Warning', reason: 'BackOff', message: 'pull failed', object: 'Pod/default/a' } as const;
  const record = (events: readonly (typeof event | { message: string })[]) =>
    plane.store.recordEvents(
      { resourceId: web, fence, source: 'kubernetes', events: events.map((given) => ({ ...event, ...given })) },
      plane.controller,
    );
  await record([event, event, { message: 'other' }]);
  await record([event]);
  t.deepEqual(await plane.rows('select message, count from event where resource_id = $1 order by message', [web]), [
    { message: 'other', count: 1 },
    { message: 'pull failed', count: 3 },
  ]);
  t.is((await plane.rows(`select from revision where resource_id = $1 and op = 'event'`, [web])).length, 1);
});

test('an event that a cluster counts is not counted again when it is told again', async (t) => {
  const plane = t.context.plane;
  const { web, fence } = await makeWorkloads(plane, 'told-again');
  const tell = (events: readonly { id: string; count: number; lastAt?: string; message?: string }[]) =>
    plane.store.recordEvents(
      {
        resourceId: web,
        fence,
        source: 'kubernetes',
        events: events.map(({ id, count, lastAt = soon(1), message = 'no such image' }) => ({
          type: 'Warning',
          reason: 'Failed',
          message,
          object: 'Pod/default/web-0',
          ownerObject: 'StatefulSet/default/web',
          outside: { id, count, firstAt: soon(0), lastAt },
        })),
      },
      plane.controller,
    );
  const seen = () =>
    plane.rows(
      `select outside_id as id, count, message, last_at = first_at + interval '1 second' as is_late
       from event where resource_id = $1 order by outside_id`,
      [web],
    );
  await tell([
    { id: 'a', count: 2 },
    { id: 'b', count: 1 },
  ]);
  // A restart tells all again, the older count of a late reply included.
  await tell([
    { id: 'b', count: 1 },
    { id: 'a', count: 1 },
    { id: 'a', count: 2 },
  ]);
  t.deepEqual(await seen(), [
    { id: 'a', count: 2, message: 'no such image', is_late: true },
    { id: 'b', count: 1, message: 'no such image', is_late: true },
  ]);
  await tell([{ id: 'a', count: 7, message: 'no such image (combined)' }]);
  t.like((await seen())[0], { id: 'a', count: 7, message: 'no such image (combined)' });
  t.is((await plane.rows(`select from revision where resource_id = $1 and op = 'event'`, [web])).length, 1);
});

test('of what a cluster tells of a resource the newest thousand are kept', async (t) => {
  const plane = t.context.plane;
  const { web, fence } = await makeWorkloads(plane, 'told-much');
  const tell = (from: number) =>
    plane.store.recordEvents(
      {
        resourceId: web,
        fence,
        source: 'kubernetes',
        events: Array.from({ length: 500 }, (_, index) => ({
          type: 'Normal',
          reason: 'Pulled',
          message: '',
          object: `Pod/default/p-${from + index}`,
          outside: { id: String(from + index), count: 1, firstAt: soon(from + index), lastAt: soon(from + index) },
        })),
      },
      plane.controller,
    );
  const seen = () =>
    plane.rows('select count(*)::int as count, min(outside_id::int) as oldest from event where resource_id = $1', [
      web,
    ]);
  for (const from of [0, 500, 1000]) await tell(from);
  t.deepEqual(await seen(), [{ count: 1000, oldest: 500 }]);
  const revisions = () => plane.rows(`select from revision where resource_id = $1 and op = 'event'`, [web]);
  const before = (await revisions()).length;
  await tell(0);
  t.deepEqual(await seen(), [{ count: 1000, oldest: 500 }]);
  t.is((await revisions()).length, before);
});

test('what a cluster tells of the time before a resource was made is passed over', async (t) => {
  const plane = t.context.plane;
  const { web, fence } = await makeWorkloads(plane, 'before-its-time');
  const outside = { id: 'old', count: 1, firstAt: '2020-01-01T00:00:00Z', lastAt: '2020-01-01T00:00:00Z' };
  const event = { type: 'Normal', reason: 'Pulled', message: '', object: 'Pod/default/a', outside } as const;
  await plane.store.recordEvents({ resourceId: web, fence, source: 'kubernetes', events: [event] }, plane.controller);
  t.deepEqual(await plane.rows('select from event where resource_id = $1', [web]), []);
});

test('attempts are no revisions, and count 0 forgets them', async (t) => {
  const plane = t.context.plane;
  const { web, fence } = await makeWorkloads(plane, 'attempted');
  const before = await plane.rows('select from revision where resource_id = $1', [web]);
  const attempt = {
    resourceId: web,
    fence,
    count: 3,
    lastError: 'x'.repeat(9000),
    nextRetryAt: '2026-01-01T00:00:00.000Z',
  };
  await plane.store.recordAttempt(attempt, plane.controller);
  const [row] = await plane.rows<{ count: number; last_error: string; next_retry_at: string }>(
    'select count, last_error, next_retry_at from attempt where resource_id = $1',
    [web],
  );
  t.like(row, { count: 3, next_retry_at: '2026-01-01T00:00:00.000Z' });
  t.true((row?.last_error.length ?? 0) < 5000);
  await plane.store.recordAttempt({ ...attempt, count: 0, lastError: '', nextRetryAt: null }, plane.controller);
  t.deepEqual(await plane.rows('select from attempt where resource_id = $1', [web]), []);
  t.is((await plane.rows('select from revision where resource_id = $1', [web])).length, before.length);
});

test('an intent that was begun before keeps its id and its age, is resolved once, and can then begin anew', async (t) => {
  const plane = t.context.plane;
  const { web, fence } = await makeWorkloads(plane, 'intended');
  const begin = () =>
    plane.store.beginIntent({ resourceId: web, fence, action: 'create', token: 'tag' }, plane.controller);
  const first = await begin();
  const { ageMs, ...same } = await begin();
  t.like(first, same);
  t.true(ageMs > first.ageMs, 'it grows older');
  const resolve = (outcome: { id: string }) =>
    plane.store.resolveIntent({ resourceId: web, fence, id: first.id, outcome }, plane.controller);
  t.deepEqual((await resolve({ id: 'i-1' })).outcome, { id: 'i-1' });
  t.deepEqual((await resolve({ id: 'i-2' })).outcome, { id: 'i-1' });
  const again = await begin();
  t.like(again, { id: first.id, resolvedAt: null, outcome: null });
  t.true(again.begunAt > first.begunAt, 'it is another try');
  await t.throwsAsync(
    plane.store.resolveIntent(
      { resourceId: web, fence, id: plane.operator.principalId, outcome: {} },
      plane.controller,
    ),
    { instanceOf: NotFoundError },
  );
});

test('in what an object differs is kept with it, written once, and cleared when it is as desired again', async (t) => {
  const plane = t.context.plane;
  const { web, report } = await makeWorkloads(plane, 'drifting');
  const drift = [
    { path: 'spec.replicas', desired: 3, live: null, manager: 'kubectl-edit', at: '2026-11-22T10:00:00.000Z' },
  ];
  const stored = () => plane.rows<{ drift: unknown }>('select drift from object where resource_id = $1', [web]);
  t.deepEqual(await report(web, [makeObject('a', { drift })]), { changed: 1 });
  t.deepEqual(await report(web, [makeObject('a', { drift })]), { changed: 0 });
  t.deepEqual(await stored(), [{ drift }]);
  t.deepEqual(await report(web, [makeObject('a')]), { changed: 1 });
  t.deepEqual(await stored(), [{ drift: null }]);
});

/** Seconds after a moment that all resources of this test are older than. */
function soon(seconds: number): string {
  return new Date(Date.UTC(2100, 0, 1, 0, 0, seconds)).toISOString();
}
