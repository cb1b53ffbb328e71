import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { record, text } from '../kubernetes/object-fields.js';
import type { ClusterStore } from './cluster-store.js';
import { mergePatch } from './field-merge.js';
import { invalid } from './invalid.js';
import { selectorText } from './object-selector.js';
import type { ScalePaths } from './type-table.js';
import { checkSeen, notFound, type Target } from './write-target.js';
import type { WriteOptions, Writes } from './writes.js';

/** The Scale of an object (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#scale-v1-autoscaling). */
function scaleOf(live: KubernetesObject, paths: ScalePaths): KubernetesObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = live.metadata;
  const selector = paths.selector ? text(valueAt(live, paths.selector)) : selectorText(record(live.spec).selector);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: Number(valueAt(live, paths.specReplicas) ?? 0) },
    status: { replicas: Number(valueAt(live, paths.statusReplicas) ?? 0), selector },
  } as KubernetesObject;
}

export interface ScaleChange extends Pick<WriteOptions, 'manager' | 'dryRun'> {
  readonly how: 'apply' | 'patch' | 'replace';
  readonly body: JsonObject;
  readonly force: boolean;
}

/** Reads the scale of what `target` names, or writes it. Throws 404 when it is not there. */
export function answerScale(
  store: ClusterStore,
  writes: Writes,
  target: Target,
  change: ScaleChange | null,
): KubernetesObject {
  const live = store.get(target.type.id, target.namespace, target.name);
  const paths = target.type.scale;
  if (!live || !paths) throw notFound(target);
  return change ? writeScale(writes, target, live, paths, change) : scaleOf(live, paths);
}

/** Writes the replicas of `live` through its scale; the field belongs to `options.manager` then, by way of the scale. */
function writeScale(
  writes: Writes,
  target: Target,
  live: KubernetesObject,
  paths: ScalePaths,
  { how, body, force, ...options }: ScaleChange,
): KubernetesObject {
  checkSeen(target, live, record(body.metadata));
  const asked = how === 'patch' ? mergePatch(scaleOf(live, paths) as unknown as Json, body) : body;
  const replicas = Number(record(isJsonObject(asked) ? asked.spec : {}).replicas ?? 0);
  if (!(replicas >= 0)) {
    const why = 'must be greater than or equal to 0';
    throw invalid({ kind: 'Scale', group: 'autoscaling' }, target.name, [
      { field: 'spec.replicas', value: replicas, why },
    ]);
  }
  const change = paths.specReplicas.reduceRight<Json>((value, field) => ({ [field]: value }), replicas) as JsonObject;
  const through = { ...options, part: 'scale' as const };
  const stored =
    how === 'apply'
      ? writes.apply(target, change, { ...through, force }).object
      : writes.patch(target, change, through);
  return scaleOf(stored, paths);
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  return path.reduce((at, field) => record(at)[field], object);
}
