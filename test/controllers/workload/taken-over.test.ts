import test from 'ava';
import { inventoryAfter } from '../../../controllers/workload/inventory.js';
import { planWorkload } from '../../../controllers/workload/plan.js';
import { planPrune, planRemoval } from '../../../controllers/workload/plan-removal.js';
import { renderWorkload, type Workload } from '../../../controllers/workload/render.js';
import { takenForm, takenMarks } from '../../../controllers/workload/taken-over.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import type { ObjectView } from '../../../sdk/resource.js';
import { instanceId, make } from '../make.js';
import { observe, type Seen, scopes } from './seen.js';

const deployment = make.deployment();
const adopting = (object: KubernetesObject = deployment, policy: object = {}): Workload =>
  make.workload({ objects: [object] as never, policy: { adopt: ['Deployment/web'], ...policy } });
const renderedOf = (workload: Workload) => {
  const [desired] = renderWorkload(workload, scopes).objects;
  if (!desired) throw new Error('The workload has no object.');
  return desired;
};

/** As it ran before, and as the API server held it. */
const before = (given: Partial<KubernetesObject['metadata']> = {}): KubernetesObject => ({
  ...deployment,
  metadata: { name: 'web', namespace: 'shop-1111111111', uid: 'uid-1', resourceVersion: '5', ...given },
});
/** The same, with our marks. */
const taken = (workload: Workload, change: (object: KubernetesObject) => KubernetesObject = (o) => o) => {
  const { metadata } = takenMarks(renderedOf(workload), before(), 1);
  return change({ ...before(), metadata: { ...before().metadata, ...metadata } });
};
const row = (workload: Workload, given: Partial<ObjectView> = {}) =>
  make.row({
    group: 'apps',
    kind: 'Deployment',
    name: 'web',
    origin: 'adopted',
    appliedHash: renderedOf(workload).hash,
    ...given,
  });

const rows: readonly {
  readonly title: string;
  readonly workload?: Workload;
  readonly seen: (workload: Workload) => Seen;
  readonly actions: readonly string[];
  readonly obstacle?: RegExp;
}[] = [
  { title: 'takes over an object that policy names', seen: () => ({ live: [before()] }), actions: ['adopt 1'] },
  {
    title: 'refuses one that policy does not name, and says how it would be taken over',
    workload: make.workload({ objects: [deployment] as never }),
    seen: () => ({ live: [before()] }),
    actions: [],
    obstacle: /was not made by Portolan.*naming it in policy\.adopt/,
  },
  {
    title: 'refuses one that a controller owns, though policy names it',
    seen: () => ({
      live: [before({ ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u', controller: true }] })],
    }),
    actions: [],
    obstacle: /was not made by Portolan/,
  },
  {
    title: 'does nothing about what was taken over and is as it is stated',
    seen: (workload) => ({ live: [taken(workload)], rows: [row(workload)] }),
    actions: [],
  },
  {
    title: 'marks again what lost its labels, or was not marked yet when the pass ended',
    seen: (workload) => ({ live: [before()], rows: [row(workload)] }),
    actions: ['adopt 1'],
  },
  {
    title: 'applies what a release changed',
    workload: adopting(make.deployment('web', 'example.com/web:2')),
    seen: () => ({ live: [taken(adopting())], rows: [row(adopting())] }),
    actions: ['render'],
  },
  {
    title: 'puts back what a hand changed',
    seen: (workload) => ({
      live: [taken(workload, (object) => ({ ...object, spec: { ...Object(object.spec), replicas: 9 } }))],
      rows: [row(workload)],
    }),
    actions: ['drift'],
  },
  {
    title: 'leaves what a hand changed where policy says so',
    workload: adopting(deployment, { drift: 'report' }),
    seen: (workload) => ({
      live: [taken(workload, (object) => ({ ...object, spec: { ...Object(object.spec), replicas: 9 } }))],
      rows: [row(workload)],
    }),
    actions: [],
  },
  {
    title: 'never makes anew what was taken over, though policy replaces its kind',
    workload: adopting(make.deployment('web', 'example.com/web:2'), { replace: ['Deployment'] }),
    seen: () => ({
      live: [taken(adopting())],
      rows: [row(adopting())],
      refused: { 'apps/Deployment/shop-1111111111/web': { immutable: ['spec.selector'] } },
    }),
    actions: [],
    obstacle: /spec\.selector cannot be changed, and what was taken over is never made anew/,
  },
];

for (const { title, workload = adopting(), seen, actions, obstacle } of rows) {
  test(title, (t) => {
    const plan = planWorkload(workload, observe(workload, seen(workload)));
    t.deepEqual(
      plan.actions.map((action) =>
        action.type === 'apply' ? action.why : action.type === 'adopt' ? `adopt ${action.generation}` : action.type,
      ),
      actions,
    );
    const said = plan.obstacles.map(({ message }) => message).join();
    if (obstacle) t.regex(said, obstacle);
    else t.is(said, '');
  });
}

test('labels go into a pod template only with a change that restarts its pods anyway', (t) => {
  const label = (object: KubernetesObject) => Object(object.spec).template.metadata.labels['portolan.dev/instance'];
  const scaled = { ...deployment, spec: { ...Object(deployment.spec), replicas: 3 } };
  t.is(label(takenForm(renderedOf(adopting(scaled)), before())), undefined);
  const image = renderedOf(adopting(make.deployment('web', 'example.com/web:2')));
  t.is(label(takenForm(image, before())), instanceId);
  t.is(label(takenForm(renderedOf(adopting(scaled)), takenForm(image, before()))), instanceId, 'and stay there');
});

for (const { title, policy, uid, steps } of [
  { title: 'stays, without our marks, when its app goes', policy: {}, uid: 'uid-1', steps: ['disown'] },
  { title: 'goes with its app where policy says so', policy: { adopted: 'delete' }, uid: 'uid-1', steps: ['delete'] },
  {
    title: 'stays if it is another one by now, whatever policy says',
    policy: { adopted: 'delete' },
    uid: 'other',
    steps: ['disown'],
  },
]) {
  test(`what was taken over ${title}`, (t) => {
    const workload = adopting(deployment, policy);
    const seen = { live: [taken(workload)], rows: [row(workload, { uid })] };
    t.deepEqual(
      planRemoval(workload, observe(workload, seen)).map(({ type }) => type),
      steps,
    );
    const none = make.workload({ objects: [make.configMap()] as never, policy: policy as never });
    t.deepEqual(
      planPrune(none, observe(none, seen)).map(({ type }) => type),
      steps,
      'the same when the app has it no more',
    );
  });
}

test('the row of what was taken over stays until its marks are off', (t) => {
  const workload = adopting();
  const marked = observe(workload, { live: [taken(workload)], rows: [row(workload)] });
  t.deepEqual(inventoryAfter(workload, marked, true).absent, []);
  const bare = observe(workload, { live: [before()], rows: [row(workload)] });
  t.deepEqual(planRemoval(workload, bare), []);
  t.deepEqual(
    inventoryAfter(workload, bare, true).absent.map(({ name }) => name),
    ['web'],
  );
});
