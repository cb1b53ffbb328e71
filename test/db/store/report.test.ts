import anyTest, { type TestFn } from 'ava';
import type { Report, StatusInput } from '../../../db/contract.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

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
  const status = (resourceId: string, statusVersion = 0, observedGeneration = 1): Report => {
    const conditions: StatusInput['conditions'] = [{ type: 'Ready', status: 'True', reason: 'Available', message: '' }];
    const said = { health: 'Healthy', conditions, outputs: {}, observed: {}, consumed: [] } as const;
    return { type: 'status', input: { resourceId, fence, observedGeneration, statusVersion, ...said } };
  };
  const objects = (resourceId: string, object: string): Report => {
    const named = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'shop', name: object } as const;
    const seen = { state: 'present', origin: 'created', uid: object, appliedHash: 'hash', health: 'Healthy' } as const;
    const row = { ...named, ...seen, reason: null, message: '', drift: null };
    return { type: 'objects', input: { resourceId, fence, runtimeId, objects: [row], absent: [] } };
  };
  const event = (resourceId: string, message: string): Report => {
    const told = { type: 'Normal', reason: 'Created', message, object: '', ownerObject: null, outside: null } as const;
    return { type: 'events', input: { resourceId, fence, source: 'test', events: [told] } };
  };
  return { web: owned[0]?.id ?? '', namespace: owned[1]?.id ?? '', status, objects, event };
}

test('reports of many resources are taken in one commit, in their order', async (t) => {
  const { plane } = t.context;
  const { web, namespace, status, objects, event } = await makeWorkloads(plane, 'together');
  const reports = [objects(web, 'a'), status(web), status(namespace), event(web, 'It is there.')];
  t.deepEqual(await plane.store.report(reports, plane.controller), [
    { type: 'objects', changed: 1 },
    { type: 'status', statusVersion: 1, isChanged: true },
    { type: 'status', statusVersion: 1, isChanged: true },
    { type: 'events', recorded: 1 },
  ]);
  const log = await plane.rows<{ op: string; seq: bigint }>(
    "select op, seq from revision where resource_id = any($1) and op <> 'created' order by seq, ordinal",
    [[web, namespace]],
  );
  t.deepEqual(
    log.map(({ op }) => op),
    ['objects', 'status', 'status', 'event'],
  );
  t.is(new Set(log.map(({ seq }) => seq)).size, 1);
  t.deepEqual(await plane.store.report([status(web, 1), objects(web, 'a')], plane.controller), [
    { type: 'status', statusVersion: 1, isChanged: false },
    { type: 'objects', changed: 0 },
  ]);
});

test('one that is refused leaves the others as if they were alone', async (t) => {
  const { plane } = t.context;
  const { web, namespace, status, objects, event } = await makeWorkloads(plane, 'refused');
  const answers = await plane.store.report(
    [objects(web, 'shared'), status(web, 0, 7), objects(namespace, 'shared'), event(namespace, 'It is there.')],
    plane.controller,
  );
  t.deepEqual(
    answers.map((answer) => (answer.type === 'refused' ? answer.error.code : answer.type)),
    ['objects', 'CONFLICT', 'CONFLICT', 'events'],
  );
  const rows = await plane.rows<{ id: string }>('select resource_id as id from object where name = $1', ['shared']);
  t.deepEqual(rows, [{ id: web }]);
  t.is((await plane.rows('select 1 from event where resource_id = $1', [namespace])).length, 1);
  t.is((await plane.rows('select 1 from resource_status where resource_id = $1', [web])).length, 0);
});
