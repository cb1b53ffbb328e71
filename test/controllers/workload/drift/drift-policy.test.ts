import test from 'ava';
import { withMarks } from '../../../../controllers/marks.js';
import { createCorrections } from '../../../../controllers/workload/drift/corrections.js';
import { appliedEvent, driftEvents } from '../../../../controllers/workload/drift/drift-events.js';
import { driftOf, leftDrift } from '../../../../controllers/workload/drift/drift-policy.js';
import { inventoryAfter } from '../../../../controllers/workload/inventory.js';
import { keyOf, keyOfObject } from '../../../../controllers/workload/object-name.js';
import type { WorkloadObservation } from '../../../../controllers/workload/observation.js';
import { planWorkload } from '../../../../controllers/workload/plan.js';
import { renderWorkload, type Workload, type WorkloadSpec } from '../../../../controllers/workload/render.js';
import { workloadStatus } from '../../../../controllers/workload/status.js';
import type { KubernetesObject } from '../../../../drivers/kubernetes/driver.js';
import { make, runtimeId } from '../../make.js';

const at = '2026-11-22T21:00:00.000Z';
const title = 'ConfigMap/shop-1111111111/settings';

/** As the cluster has it after `kubectl edit` set the data, and took off what `without` names. */
function observe(workload: Workload, live: 'edited' | 'unlabelled' | 'unmarked' | 'deleted'): WorkloadObservation {
  const rendered = renderWorkload(workload, () => true);
  const [desired] = rendered.objects;
  if (!desired) throw new Error('The workload has no object.');
  const marked = withMarks(desired.object, { resourceId: workload.id, generation: 1, renderHash: desired.hash });
  const { annotations, labels, ...metadata } = marked.metadata;
  const isEdited = live === 'edited';
  const object: KubernetesObject = {
    ...desired.object,
    ...(isEdited && { data: { color: 'red' } }),
    metadata: {
      ...metadata,
      uid: 'uid-1',
      managedFields: [
        entry('portolan', 'Apply', {
          'f:metadata': {
            ...(live !== 'unlabelled' && { 'f:labels': {} }),
            ...(live !== 'unmarked' && { 'f:annotations': {} }),
          },
          'f:data': { '.': {}, ...(!isEdited && { 'f:color': {} }) },
        }),
        entry('kubectl-edit', 'Update', { 'f:data': { 'f:color': {} } }),
      ],
      ...(live !== 'unmarked' && { annotations }),
      ...(live !== 'unlabelled' && { labels }),
    },
  };
  const row = make.row({ uid: 'uid-1', appliedHash: desired.hash });
  return {
    runtimeId,
    rendered,
    live: new Map(live === 'deleted' ? [] : [[keyOfObject(object), object]]),
    inventory: new Map([[keyOf(row), row]]),
    strays: [],
    awaited: [],
    accepted: new Map(),
    contested: new Set(),
    finished: new Set(),
    unscaled: new Set(),
    users: new Map(),
    refused: new Map(),
    health: new Map([[keyOf(row), { health: 'Healthy', reason: 'Available', message: '' }]]),
  };
}

const entry = (manager: string, operation: string, fieldsV1: object) => ({
  manager,
  operation,
  apiVersion: 'v1',
  time: at,
  fieldsV1,
});

const withPolicy = (policy: WorkloadSpec['policy']) => make.workload({ ...(policy && { policy }) });

for (const { live, event } of [
  {
    live: 'edited' as const,
    event: `Corrected: It was changed by kubectl-edit and is put back: data.color: "blue" <- "red" (kubectl-edit, ${at}).`,
  },
  { live: 'deleted' as const, event: 'Recreated: It was deleted by somebody else and is made again.' },
]) {
  test(`an object that was ${live} is put back, and the event says what somebody did`, (t) => {
    const workload = make.workload();
    const observation = observe(workload, live);
    const [action] = planWorkload(workload, observation).actions;
    if (action?.type !== 'apply') return t.fail('Nothing is applied.');
    const { reason, message } = appliedEvent(action);
    t.is(`${reason}: ${message}`, event);
    const [row] = inventoryAfter(workload, observation, false).objects;
    t.is(row?.drift?.length, 1, 'the row tells of it while it waits to be put back');
  });
}

test('a label or a mark of ours that was taken off is put back and named', (t) => {
  const workload = make.workload();
  for (const [live, pattern] of [
    ['unlabelled', /metadata\.labels: .*portolan.* <- nothing/],
    ['unmarked', /metadata\.annotations\.portolan\.dev\/render: .* <- nothing/],
  ] as const) {
    const [action] = planWorkload(workload, observe(workload, live)).actions;
    t.true(action?.type === 'apply' && action.why === 'drift', live);
    t.regex(action?.type === 'apply' ? appliedEvent(action).message : '', pattern);
  }
});

for (const live of ['edited', 'deleted', 'unmarked'] as const) {
  test(`with the policy to report, an object that was ${live} is left so, and said to be`, (t) => {
    const workload = withPolicy({ drift: 'report' });
    const observation = observe(workload, live);
    const { actions, obstacles } = planWorkload(workload, observation);
    t.deepEqual(actions, []);
    const status = workloadStatus(observation, obstacles, [], driftOf(workload, observation));
    const synced = status.conditions.find(({ type }) => type === 'Synced');
    t.like(synced, { status: 'False', reason: 'Drifted' });
    t.regex(synced?.message ?? '', /^ConfigMap\/settings was (changed by|deleted)/);
    t.is(status.health, 'Healthy');
    const { objects } = inventoryAfter(workload, observation, false);
    t.deepEqual(
      driftEvents(objects, observation.inventory).map(({ reason, object }) => `${reason} ${object}`),
      [`Drifted ${title}`],
    );
    const known = new Map(objects.map((row) => [keyOf(row), { ...row, runtimeId }]));
    t.deepEqual(driftEvents(objects, known), [], 'it is told once');
  });
}

test('with the policy to report, a new release is applied all the same', (t) => {
  const workload = withPolicy({ drift: 'report' });
  const next = { ...workload, spec: { ...workload.spec, objects: [make.configMap('settings', { color: 'green' })] } };
  for (const live of ['edited', 'deleted'] as const) {
    const observation = { ...observe(workload, live), rendered: renderWorkload(next as Workload, () => true) };
    const [action] = planWorkload(next as Workload, observation).actions;
    t.is(action?.type === 'apply' && action.why, live === 'edited' ? 'render' : 'create');
  }
});

for (const { object, isIgnored } of [
  { object: undefined, isIgnored: true },
  { object: 'ConfigMap', isIgnored: true },
  { object: 'ConfigMap/settings', isIgnored: true },
  { object: 'ConfigMap/other', isIgnored: false },
  { object: 'Secret', isIgnored: false },
]) {
  test(`a rule to ignore a field of ${object ?? 'every object'} ${isIgnored ? 'holds' : 'does not hold'}`, (t) => {
    const workload = withPolicy({ ignore: [{ ...(object && { object }), path: 'data.color' }] });
    const observation = observe(workload, 'edited');
    t.is(planWorkload(workload, observation).actions.length, isIgnored ? 0 : 1);
    t.is(driftOf(workload, observation).size, isIgnored ? 0 : 1);
  });
}

test('what somebody changes again as often as it is put back is left for now, with the way out', (t) => {
  const workload = make.workload();
  const seen = observe(workload, 'edited');
  const [row] = seen.inventory.keys();
  const observation = { ...seen, contested: new Set([row ?? '']) };
  const { actions, obstacles } = planWorkload(workload, observation);
  t.deepEqual(actions, []);
  const { conditions } = workloadStatus(observation, obstacles, [], leftDrift(workload, observation));
  const synced = conditions.find(({ type }) => type === 'Synced');
  t.is(synced?.reason, 'Drifted');
  t.regex(
    synced?.message ?? '',
    /changed by kubectl-edit.*put back only now and then.*policy\.ignore.*policy\.yieldTo/,
  );
});

test('an object is put back at most five times a minute, and the others as before', (t) => {
  const corrections = createCorrections();
  for (let atMs = 0; atMs < 4000; atMs += 1000) corrections.note('a', atMs);
  t.deepEqual(corrections.contested(4000), new Set());
  corrections.note('a', 4000);
  corrections.note('b', 4000);
  t.deepEqual(corrections.contested(5000), new Set(['a']));
  t.deepEqual(corrections.contested(60_500), new Set(), 'the first of them was more than a minute ago');
});
