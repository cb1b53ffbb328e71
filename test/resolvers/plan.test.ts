import anyTest, { type TestFn } from 'ava';
import type { ObjectPlan } from '../../schema/object-plan.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { configMap, makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';
import { createScriptedProbes, unavailable } from '../helpers/scripted-probes.js';

/** One after the other: a document is run twice, and the cursor in it would move between. */
const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
    ]),
    plane.operator,
  );
  t.context = { plane, graph: createTestGraph(plane) };
});
test.after.always((t) => t.context.plane?.drop());

interface PlanAnswer {
  readonly plan: {
    readonly hash: string;
    readonly cursor: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly steps: readonly Readonly<Record<string, unknown>>[];
    readonly refusals: readonly { readonly code: string; readonly blockers: readonly string[] }[];
    readonly affectedApps: readonly { readonly name: string; readonly steps: number }[];
  };
}

const document = `query ($input: PlanInput!) { plan(input: $input) {
  hash cursor counts { create update replace delete none }
  steps { wave action kind name environment owner resourceId why fields { path before after } blockedBy }
  refusals { code message path blockers } affectedApps { name steps }
} }`;

const appSpec = (name: string) => ({
  components: [{ name: 'web', type: 'manifests', objects: [configMap(name)] }],
});

test.serial('a plan of an app and its deployment is what deploy is held to by its hash', async (t) => {
  const { graph } = t.context;
  const edits = [
    { op: 'APPLY', kind: 'App', name: 'shop', spec: appSpec('one') },
    { op: 'DEPLOY', kind: 'AppInstance', name: 'shop', environment: 'dev', spec: { app: 'shop' } },
  ];
  const { plan } = await graph.data<PlanAnswer>(document, { variables: { input: { edits } } });
  t.deepEqual(plan.counts, { create: 4, update: 0, replace: 0, delete: 0, none: 0 });
  t.deepEqual(plan.affectedApps, [{ name: 'shop', steps: 3 }]);
  t.like(plan.steps[0], { wave: 1, action: 'CREATE', kind: 'App', name: 'shop', environment: null, resourceId: null });
  const deploy = (planHash: string) =>
    graph.run(`mutation ($input: DeployInput!) { deploy(input: $input) { release result } }`, {
      variables: {
        input: { app: 'shop', environment: 'dev', appSpec: appSpec('one'), planHash, planCursor: plan.cursor },
      },
    });
  const refused = await deploy('0'.repeat(64));
  t.like(refused.errors[0]?.original, { code: 'CONFLICT' });
  t.regex(refused.errors[0]?.message ?? '', /no longer the same.* Nothing was changed since/);
  const { data } = await deploy(plan.hash);
  t.deepEqual(data, { deploy: { release: 1, result: 'created' } });
  const again = await graph.data<PlanAnswer>(document, { variables: { input: { edits } } });
  t.deepEqual(again.plan.counts, { create: 0, update: 0, replace: 0, delete: 0, none: 2 });
});

test.serial('apply is held to a plan, and says what changed since', async (t) => {
  const { graph, plane } = t.context;
  const input = { edits: [{ op: 'CREATE', kind: 'Environment', name: 'stage', spec: { description: 'a' } }] };
  const { plan } = await graph.data<PlanAnswer>(document, { variables: { input } });
  t.deepEqual(plan.steps[0]?.fields, [{ path: 'spec.description', before: null, after: 'a' }]);
  await plane.store.commit(makeChangeset([makeEdit.environment('stage')]), plane.operator);
  const apply = await graph.run(`mutation ($input: ApplyInput!) { apply(input: $input) { cursor } }`, {
    variables: {
      input: { ...input, edits: [{ ...input.edits[0], op: 'APPLY' }], planHash: plan.hash, planCursor: plan.cursor },
    },
  });
  t.regex(apply.errors[0]?.message ?? '', /Since then: Environment stage appeared \(operator\)/);
});

test.serial('what blocks a deletion is in the plan of it', async (t) => {
  const { graph, plane } = t.context;
  await plane.store.commit(
    makeChangeset([makeEdit.tier('gold'), makeEdit.environment('prod', { spec: { tier: 'gold' } })]),
    plane.operator,
  );
  const input = { edits: [{ op: 'DELETE', kind: 'Tier', name: 'gold' }] };
  const { plan } = await graph.data<PlanAnswer>(document, { variables: { input } });
  t.is(plan.refusals[0]?.code, 'BLOCKED');
  t.regex(plan.refusals[0]?.blockers.join() ?? '', /^Environment prod \(/);
  t.deepEqual(plan.steps[0]?.blockedBy, plan.refusals[0]?.blockers);
});

test.serial('the clusters are asked about what is there, and of what is not it is said why', async (t) => {
  const { graph, plane } = t.context;
  const app = (...names: readonly string[]) => ({
    op: 'apply' as const,
    spec: { components: names.map((name) => ({ name, type: 'manifests', objects: [configMap(name)] })) },
  });
  const deploy = { op: 'DEPLOY', kind: 'AppInstance', name: 'asked', environment: 'dev', spec: { app: 'asked' } };
  await plane.store.commit(
    makeChangeset([makeEdit.app('asked', app('web', 'cart')), makeEdit.instance('asked', 'dev')]),
    plane.operator,
  );
  const input = {
    edits: [
      { op: 'APPLY', kind: 'App', name: 'asked', spec: app('web', 'search').spec },
      deploy,
      { op: 'APPLY', kind: 'KubernetesRuntime', name: 'next', spec: { provider: 'sandbox' } },
      { ...deploy, name: 'other', spec: { app: 'asked', runtime: 'next' } },
    ],
    manager: 'test',
  };
  const probes = createScriptedProbes(({ question, input: asked }) => {
    const objects = (asked as { objects: readonly { kind: string; metadata: { name: string } }[] }).objects;
    if (question !== 'plan' || objects[0]?.kind === 'Namespace') unavailable('The runtime does not answer.');
    return objects.map(({ kind, metadata: { name } }) => ({
      steps: [{ object: `${kind}/${name}`, action: 'UPDATE', why: 'It differs.', differences: [], uncheckable: null }],
    }));
  });
  const { plan } = await graph.data<{ readonly plan: { readonly objects: ObjectPlan } }>(
    `query ($input: PlanInput!) { plan(input: $input) { objects {
      steps { instance component object action why uncheckable differences { path } } unavailable
    } } }`,
    { variables: { input }, probes },
  );
  t.deepEqual(
    plan.objects.steps.map((step) => [step.instance, step.component, step.action, step.uncheckable]).toSorted(),
    [
      [
        'asked',
        'search',
        'CREATE',
        'The component search does not exist yet, so the cluster cannot be asked about its objects.',
      ],
      ['asked', 'web', 'UPDATE', null],
      ...['namespace', 'search', 'web'].map((component) => [
        'other',
        component,
        'CREATE',
        'The runtime next comes in an earlier wave, so the cluster cannot be asked about its objects.',
      ]),
    ],
  );
  t.deepEqual(plan.objects.unavailable, ['namespace: The runtime does not answer.']);
});
