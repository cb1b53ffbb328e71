import test from 'ava';
import type { NeededResource } from '../../../cli/output/needs-view.js';
import { renderTree } from '../../../cli/output/render-tree.js';
import { flatten, type TreeChild, type TreeObject, type TreeRoot, treeOf } from '../../../cli/output/tree-view.js';

const healthy = { health: 'Healthy', isSettled: true, reason: 'Available', message: '', outputs: [] };
const waiting = {
  health: 'Progressing',
  isSettled: false,
  reason: 'WaitingForDependency',
  message: 'waits for namespace',
  outputs: [],
};

test('a tree shows what a resource owns in the order in which it comes up, and why it is not Healthy', (t) => {
  const root = resource('AppInstance', 'wordpress', {
    status: {
      health: 'Progressing',
      isSettled: false,
      reason: 'WaitingForChildren',
      message: '1 of 2 are ready',
      outputs: [],
    },
    children: [
      child(
        'database',
        waiting,
        [object('StatefulSet', 'db', 'Missing', 'ObjectMissing', 'not there yet')],
        ['namespace'],
      ),
      child('namespace', healthy, [object('Namespace', 'wordpress-1a2b', 'Healthy')], []),
    ],
  });
  t.deepEqual(renderTree(treeOf(root), { width: null, hasColour: false }), [
    'AppInstance wordpress           ◌ Progressing  WaitingForChildren: 1 of 2 are ready',
    '├─ Workload namespace           ✔ Healthy',
    '│  └─ Namespace wordpress-1a2b  ✔ Healthy',
    '└─ Workload database            ◌ Progressing  WaitingForDependency: waits for namespace',
    '   └─ StatefulSet db            ○ Missing  ObjectMissing: not there yet',
  ]);
});

test('an attempt that failed is shown with its error until the resource is settled', (t) => {
  const attempt = { count: 3, lastError: 'quota exceeded', nextRetryAt: null };
  const failing = resource('Workload', 'web', { status: waiting, attempt });
  t.is(treeOf(failing).note, 'attempt 3 failed: quota exceeded');
  t.is(treeOf(resource('Workload', 'web', { status: healthy, attempt })).note, '');
});

test('what is needed beside what is owned is shown once, outwards, with its outputs, and no secret', (t) => {
  const account = needed('CloudAccount', 'cloud');
  const runtime = needed('KubernetesRuntime', 'prod', [needed('Network', 'prod', [account]), account]);
  const defined = { ...needed('App', 'shop'), status: { ...healthy, reason: 'Defined' } };
  const root = {
    ...resource('AppInstance', 'shop', { status: healthy }),
    references: [runtime, account, defined].map((target) => ({ target })),
  };
  const lines = renderTree(treeOf(root), { width: null, hasColour: false });
  t.deepEqual(
    lines.map((line) => line.replace(/ +✔/, ' ✔')),
    [
      'AppInstance shop ✔ Healthy',
      '└─ needs',
      '   └─ KubernetesRuntime prod ✔ Healthy  id = prod-1, key = hidden',
      '      └─ Network prod ✔ Healthy  id = prod-1, key = hidden',
      '         └─ CloudAccount cloud ✔ Healthy  id = cloud-1, key = hidden',
    ],
  );
});

test('what is being deleted says so', (t) => {
  const node = treeOf(
    resource('Workload', 'web', { status: { ...waiting, message: '' }, deletionRequestedAt: '2026-01-01T00:00:00Z' }),
  );
  t.is(node.note, 'being deleted');
});

test('no line of a tree is longer than the width, and the health is always there', (t) => {
  const note = 'a long story about what happened '.repeat(5);
  const root = resource('AppInstance', 'wordpress-with-a-long-name', {
    status: { ...waiting, message: note },
    children: [child('database', waiting, [], [])],
  });
  for (const width of [30, 40, 60, 80]) {
    for (const line of renderTree(treeOf(root), { width, hasColour: false })) {
      t.true([...line].length <= width, `${width}: ${line}`);
      t.regex(line, /Progressing/);
    }
  }
});

test('where there is too little room Healthy leaves are counted, and trouble stays', (t) => {
  const objects = Array.from({ length: 20 }, (_, index) => object('ConfigMap', `c${index}`, 'Healthy'));
  const root = resource('AppInstance', 'a', {
    status: waiting,
    children: [child('web', waiting, [...objects, object('Pod', 'p', 'Degraded', 'CrashLoop')], [])],
  });
  const lines = renderTree(treeOf(root), { width: 80, height: 10, hasColour: false });
  t.deepEqual(
    lines.map((line) => line.replaceAll(/ {2,}/g, '  ').trim()),
    [
      'AppInstance a  ◌ Progressing  WaitingForDependency: waits for namespace',
      '└─ Workload web  ◌ Progressing  WaitingForDependency: waits for namespace',
      '├─ Pod p  ✘ Degraded  CrashLoop',
      '└─ 20 more  ✔ Healthy',
    ],
  );
});

test('objects and resources beyond the first page are counted', (t) => {
  const root = resource('AppInstance', 'a', {
    status: healthy,
    children: [child('web', healthy, [object('Pod', 'p', 'Healthy')], [])],
  });
  const cut: TreeRoot = {
    ...root,
    objects: { totalCount: 7, nodes: [] },
    children: { ...root.children, totalCount: 101 },
  };
  t.deepEqual(
    flatten(treeOf(cut)).map((node) => node.label),
    ['AppInstance a', '… 7 objects more', 'Workload web', 'Pod p', '… 100 resources more'],
  );
});

interface Parts {
  readonly status: TreeRoot['status'];
  readonly attempt?: TreeRoot['attempt'];
  readonly deletionRequestedAt?: string;
  readonly children?: readonly TreeChild[];
}

function resource(
  kind: string,
  name: string,
  { status, attempt = null, deletionRequestedAt, children = [] }: Parts,
): TreeRoot {
  return {
    id: `${kind}-${name}`,
    kind,
    name,
    deletionRequestedAt: deletionRequestedAt ?? null,
    status,
    attempt,
    objects: { totalCount: 0, nodes: [] },
    events: { nodes: [] },
    references: [],
    children: { totalCount: children.length, nodes: children },
  };
}

function child(
  name: string,
  status: TreeRoot['status'],
  objects: readonly TreeObject[],
  after: readonly string[],
): TreeChild {
  const { children: _, ...rest } = resource('Workload', name, { status });
  return {
    ...rest,
    objects: { totalCount: objects.length, nodes: objects },
    references: after.map((other) => ({ target: needed('Workload', other) })),
  };
}

function needed(kind: string, name: string, references: readonly NeededResource[] = []): NeededResource {
  const outputs = [
    { name: 'id', value: `${name}-1` },
    { name: 'key', value: { $secret: { id: 's', version: 1 } } },
  ];
  return {
    id: `${kind}-${name}`,
    kind,
    name,
    status: { ...healthy, outputs },
    references: references.map((target) => ({ target })),
  };
}

function object(kind: string, name: string, health: string, reason: string | null = null, message = ''): TreeObject {
  return { kind, namespace: 'n', name, state: 'present', health, reason, message, drift: null };
}
