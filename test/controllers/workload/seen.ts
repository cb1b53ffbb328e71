import { withMarks } from '../../../controllers/marks.js';
import { keyOf, keyOfObject } from '../../../controllers/workload/object-name.js';
import type { WorkloadObservation } from '../../../controllers/workload/observation.js';
import type { Refusal } from '../../../controllers/workload/refusal.js';
import { renderWorkload, type ScopeOf, type Workload } from '../../../controllers/workload/render.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import type { ObjectView } from '../../../sdk/resource.js';
import { make, runtimeId } from '../make.js';

export const scopes: ScopeOf = (_apiVersion, kind) =>
  kind === 'Unknown' ? null : !['Namespace', 'CustomResourceDefinition'].includes(kind);

export interface Seen {
  readonly live?: readonly KubernetesObject[];
  readonly rows?: readonly ObjectView[];
  readonly accepted?: Readonly<Record<string, string>>;
  readonly users?: Readonly<Record<string, readonly string[]>>;
  readonly finished?: readonly string[];
  readonly awaited?: WorkloadObservation['awaited'];
  readonly refused?: Readonly<Record<string, Partial<Refusal>>>;
}

const refusedOnce: Refusal = {
  hash: '',
  uid: null,
  health: { health: 'Degraded', reason: 'ObjectFailed', message: 'no' },
  immutable: null,
};

/** A pass that saw this, and nothing else. */
export function observe(
  workload: Workload,
  { live = [], rows = [], accepted = {}, finished = [], users = {}, refused = {}, awaited = [] }: Seen,
): WorkloadObservation {
  return {
    runtimeId,
    rendered: renderWorkload(workload, scopes),
    live: new Map(live.map((object) => [keyOfObject(object), object])),
    inventory: new Map(rows.map((row) => [keyOf(row), row])),
    strays: [],
    awaited,
    accepted: new Map(Object.entries(accepted)),
    finished: new Set(finished),
    unscaled: new Set(),
    users: new Map(Object.entries(users)),
    contested: new Set(),
    refused: new Map(Object.entries(refused).map(([key, refusal]) => [key, { ...refusedOnce, ...refusal }])),
    health: new Map(),
  };
}

/** As the API server holds the first object of the workload after we applied it. */
export function applied(
  workload: Workload,
  change: (object: KubernetesObject) => KubernetesObject = (o) => o,
  generation = 1,
) {
  const [desired] = renderWorkload(workload, scopes).objects;
  if (!desired) throw new Error('The workload has no object.');
  const marked = withMarks(desired.object, { resourceId: workload.id, generation, renderHash: desired.hash });
  const metadata = { ...marked.metadata, uid: 'uid-1', resourceVersion: '5' };
  return change({ ...marked, apiVersion: desired.object.apiVersion, kind: desired.object.kind, metadata });
}

export const namespace: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
export const withObjects = (...objects: readonly KubernetesObject[]) => make.workload({ objects: objects as never });
