import anyTest, { type TestFn } from 'ava';
import type { JsonObject } from '../../lib/canonical.js';
import { namespaceOf } from '../../model/expand/namespace.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { configMap, makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';
import { createScriptedProbes, type ScriptedProbes, unavailable } from '../helpers/scripted-probes.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph; id: string; cartId: string }>;

const component = (name: string, ...objects: readonly JsonObject[]) => ({ name, type: 'manifests', objects });

test.before(async (t) => {
  const plane = await createTestPlane();
  const { edits } = await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop', {
        spec: { components: [component('web', configMap('web')), component('cart', configMap('cart'))] },
      }),
      makeEdit.instance('shop', 'dev'),
    ]),
    plane.operator,
  );
  const idOf = (kind: string) => edits.find((edit) => edit.kind === kind)?.resourceId ?? '';
  const rows = await plane.rows<{ id: string }>(`select id from resource where kind = 'Workload' and name = 'cart'`);
  const cartId = rows[0]?.id ?? '';
  const runtimeId = idOf('KubernetesRuntime');
  const fence = await plane.lease(`KubernetesRuntime/${runtimeId}`);
  const object = (name: string, origin: 'created' | 'adopted') => ({
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    namespace: 'shop',
    name,
    state: 'present' as const,
    origin,
    uid: null,
    appliedHash: null,
    health: 'Healthy' as const,
    reason: null,
    message: '',
    drift: null,
  });
  await plane.store.reportObjects(
    {
      resourceId: cartId,
      fence,
      runtimeId,
      objects: [object('cart', 'created'), object('shared', 'adopted')],
      absent: [],
    },
    plane.controller,
  );
  t.context = { plane, graph: createTestGraph(plane), id: idOf('AppInstance'), cartId };
});
test.after.always((t) => t.context.plane?.drop());

interface PlanAnswer {
  readonly objectPlan: {
    readonly steps: readonly {
      component: string;
      object: string;
      action: string;
      why: string;
      uncheckable: string | null;
    }[];
    readonly unavailable: readonly string[];
  };
}

const document = `query ($id: ID!, $app: JSON) { objectPlan(id: $id, app: $app) {
  steps { component object action why uncheckable differences { path desired live manager at } } unavailable
} }`;

function plan(
  { graph, id }: { readonly graph: TestGraph; readonly id: string },
  probes: ScriptedProbes,
  app: unknown = null,
) {
  return graph.data<PlanAnswer>(document, { variables: { id, app }, probes }).then(({ objectPlan }) => objectPlan);
}

/** Every controller says what it was asked about. */
const echo = () =>
  createScriptedProbes(({ input }) => {
    const objects = ((input as JsonObject).objects ?? [
      { kind: 'ConfigMap', metadata: { name: 'own' } },
    ]) as JsonObject[];
    return objects.map((object) => ({
      steps: [
        {
          object: `${object.kind}/${(object.metadata as JsonObject).name}`,
          action: 'UPDATE',
          why: 'It differs.',
          differences: [{ path: 'data.hello', desired: 'a', live: 'b', manager: null, at: null }],
          uncheckable: null,
        },
      ],
    }));
  });

const short = ({ component: of, action, object }: { component: string; action: string; object: string }) =>
  `${of}: ${action} ${object}`;

test('without an app, each controller is asked about what its workload is to be', async (t) => {
  const probes = echo();
  const { steps, unavailable: missing } = await plan(t.context, probes);
  t.deepEqual(steps.map(short).sort(), [
    'cart: UPDATE ConfigMap/own',
    'namespace: UPDATE ConfigMap/own',
    'web: UPDATE ConfigMap/own',
  ]);
  t.deepEqual(missing, []);
  t.true(probes.asked.every(({ question, input }) => question === 'plan' && JSON.stringify(input) === '{}'));
});

test('with an app, controllers are asked about what would be, and what comes and goes is said', async (t) => {
  const app = {
    components: [
      component('web', configMap('web', { hello: 'new' }), configMap('more')),
      component('search', configMap('index')),
    ],
  };
  const probes = echo();
  const before = await t.context.plane.rows('select count(*) as rows, max(seq) as seq from revision');
  const { steps } = await plan(t.context, probes, app);
  t.deepEqual(steps.map(short).sort(), [
    'cart: DELETE ConfigMap/shop/cart',
    'cart: NONE ConfigMap/shop/shared',
    `namespace: UPDATE Namespace/${namespaceOf({ id: t.context.id, name: 'shop' })}`,
    'search: CREATE ConfigMap/index',
    'web: UPDATE ConfigMap/more',
    'web: UPDATE ConfigMap/web',
  ]);
  const created = steps.find(({ action }) => action === 'CREATE');
  t.is(
    created?.uncheckable,
    'The component search does not exist yet, so the cluster cannot be asked about its objects.',
  );
  const asked = probes.asked.map(({ input }) => JSON.stringify(input));
  t.true(asked.some((text) => text.includes('"hello":"new"')));
  t.true(asked.every((text) => JSON.parse(text).policy === null));
  t.deepEqual(await t.context.plane.rows('select count(*) as rows, max(seq) as seq from revision'), before);
});

test('the policy of an app that is not so yet goes along with its objects', async (t) => {
  const probes = echo();
  const components = [component('web', configMap('web'))];
  await plan(t.context, probes, { components, policy: { drift: 'report' } });
  t.like(probes.asked[0]?.input, { policy: { drift: 'report' } });
});

test('who does not answer is named, and the plan of the rest is there', async (t) => {
  const probes = createScriptedProbes(({ resourceId }) =>
    resourceId === t.context.cartId
      ? unavailable('No controller works on it at the moment.')
      : [
          {
            steps: [{ object: 'ConfigMap/web', action: 'NONE', why: 'As it is.', differences: [], uncheckable: null }],
          },
        ],
  );
  const { steps, unavailable: missing } = await plan(t.context, probes);
  t.deepEqual(steps.map(short).sort(), ['namespace: NONE ConfigMap/web', 'web: NONE ConfigMap/web']);
  t.deepEqual(missing, ['cart: No controller works on it at the moment.']);
  const nobody = createScriptedProbes(() => unavailable('The cluster does not answer.'));
  t.deepEqual((await plan(t.context, nobody)).unavailable, ['Every component: The cluster does not answer.']);
});

for (const { title, app, path } of [
  {
    title: 'an unknown field',
    app: { components: [component('web', configMap('web'))], colour: 'red' },
    path: 'app.colour',
  },
  { title: 'no components', app: { components: [] }, path: 'app.components' },
  { title: 'a text', app: 'shop', path: 'app' },
  {
    title: 'two components of one name',
    app: { components: [component('web', configMap('a')), component('web', configMap('b'))] },
    path: 'app.components',
  },
  {
    title: 'a component called namespace',
    app: { components: [component('namespace', configMap('a'))] },
    path: 'app.components.0.name',
  },
]) {
  test(`an app with ${title} is refused, with the path`, async (t) => {
    const { errors } = await t.context.graph.run(document, { variables: { id: t.context.id, app } });
    const error = errors[0]?.original as { code?: string; details?: { path?: readonly unknown[] } };
    t.is(error?.code, 'BAD_USER_INPUT', errors[0]?.message);
    t.is(error?.details?.path?.join('.'), path, errors[0]?.message);
  });
}

test('a workload is planned by itself, and has no app of its own', async (t) => {
  const { graph, cartId } = t.context;
  const { steps } = await plan({ graph, id: cartId }, echo());
  t.deepEqual(steps.map(short), ['cart: UPDATE ConfigMap/own']);
  const { errors } = await graph.run(document, { variables: { id: cartId, app: { components: [] } } });
  t.regex(errors[0]?.message ?? '', /has no app of its own/);
});

test('a secret value in a plan does not pass, although a controller forgot to hide it', async (t) => {
  const difference = { path: 'data.password', desired: 'aHVudGVyMg==', live: 'aHVudGVyMw==', manager: null, at: null };
  const probes = createScriptedProbes(() => [
    { steps: [{ object: 'Secret/shop/db', action: 'UPDATE', why: '', differences: [difference], uncheckable: null }] },
  ]);
  const text = JSON.stringify(await plan(t.context, probes));
  t.false(text.includes('aHVudGVy'), text);
  t.true(text.includes('"desired":"(hidden)","live":"(hidden)"'), text);
});
