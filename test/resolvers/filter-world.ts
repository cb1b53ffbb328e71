import type { Fence, ObjectRow } from '../../db/contract.js';
import type { Health } from '../../lib/health.js';
import type { Edit } from '../../model/changeset.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

/** What live reads with filters are tried on, and what changes in it. */
export interface FilterWorld {
  readonly plane: TestPlane;
  readonly graph: TestGraph;
  /** Ids by `Kind/name`. */
  readonly ids: Readonly<Record<string, string>>;
  readonly fence: Fence;
  commit(...edits: readonly Edit[]): Promise<void>;
  /** Of the workload of an app instance. */
  report(name: string, health: Health): Promise<void>;
  objects(name: string, objects: readonly Partial<ObjectRow>[], absent?: readonly string[]): Promise<void>;
  event(name: string, type: 'Normal' | 'Warning', reason: string): Promise<void>;
}

/** A plane with two projects, two environments and an app in each of them. */
export async function openFilterWorld(): Promise<FilterWorld> {
  const plane = await createTestPlane();
  const { store, operator, controller } = plane;
  const commit = async (...edits: readonly Edit[]) => void (await store.commit(makeChangeset(edits), operator));
  await commit(
    makeEdit.project('one'),
    makeEdit.project('two'),
    makeEdit.runtime('local', { spec: { provider: 'sandbox', default: true } }),
    makeEdit.runtime('remote'),
    makeEdit.environment('dev'),
    makeEdit.environment('prod'),
    makeEdit.app('shop'),
    makeEdit.app('blog'),
    makeEdit.instance('shop', 'dev'),
    makeEdit.instance('blog', 'prod'),
  );
  const rows = await plane.rows<{ id: string; title: string }>(
    `select r.id, coalesce(o.name || '/', '') || r.kind || '/' || r.name as title
     from resource r left join resource o on o.id = r.owner_id`,
  );
  const ids = Object.fromEntries(rows.map(({ id, title }) => [title, id]));
  const fence = await plane.lease(`KubernetesRuntime/${ids['KubernetesRuntime/local']}`);
  const idOf = (name: string) => ids[`${name}/Workload/web`] ?? '';
  let told = 0;
  return {
    plane,
    graph: createTestGraph(plane),
    ids,
    fence,
    commit,
    async report(name, health) {
      const [status] = await plane.rows<{ version: number }>(
        'select version from resource_status where resource_id = $1',
        [idOf(name)],
      );
      told += 1;
      await store.reportStatus(
        {
          resourceId: idOf(name),
          fence,
          observedGeneration: 1,
          statusVersion: status?.version ?? 0,
          health,
          conditions: [{ type: 'Ready', status: 'False', reason: 'CrashLoop', message: `It was told ${told} times.` }],
          outputs: {},
          observed: {},
          consumed: [],
        },
        controller,
      );
    },
    async objects(name, objects, absent = []) {
      const key = { group: '', kind: 'ConfigMap', namespace: name };
      await store.reportObjects(
        {
          resourceId: idOf(name),
          fence,
          runtimeId: ids['KubernetesRuntime/local'] ?? '',
          objects: objects.map((object) => ({ ...anyObject, ...key, uid: crypto.randomUUID(), ...object })),
          absent: absent.map((absentName) => ({ ...key, name: absentName })),
        },
        controller,
      );
    },
    async event(name, type, reason) {
      const events = [{ type, reason, message: reason, object: '' }];
      await store.recordEvents({ resourceId: idOf(name), fence, source: 'test', events }, controller);
    },
  };
}

const anyObject: ObjectRow = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  namespace: '',
  name: '',
  state: 'present',
  origin: 'created',
  uid: null,
  appliedHash: null,
  health: 'Progressing',
  reason: null,
  message: '',
  drift: null,
};
