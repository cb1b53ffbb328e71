import type { ResourceType } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import type { FieldDifference } from '../../../lib/field-difference.js';
import type { ObjectView } from '../../../sdk/resource.js';
import type { Cluster } from '../../cluster/cluster.js';
import { findDifferences } from '../drift/differences.js';
import { appliedHashOf, ignoredFields } from '../drift/drift-policy.js';
import { yieldedFields } from '../drift/yielded-fields.js';
import { keyOf, type ObjectName, titleOf, toObjectKey } from '../object-name.js';
import { type Rendered, renderWorkload, type Workload } from '../render.js';
import { withHiddenSecrets } from './hidden-secrets.js';

/** An object as it is at this moment. `manifest`: null when it is not there. */
export interface LiveAnswer {
  readonly manifest: JsonObject | null;
  readonly differences: readonly FieldDifference[];
}

/** The input of the question `live`. Throws when it names no object. */
export function readLiveInput(input: Json): ObjectName {
  const { group, kind, namespace, name } = isJsonObject(input) ? input : {};
  if (typeof kind !== 'string' || typeof name !== 'string') {
    throw new Error('The question names no object. It needs kind and name.');
  }
  return {
    group: typeof group === 'string' ? group : '',
    kind,
    namespace: typeof namespace === 'string' ? namespace : '',
    name,
  };
}

/**
 * One object of a workload as it is in the cluster now, and where it is not as desired. Reads only. Throws when the
 * workload neither wants nor owns it: other objects are not its to show.
 */
export async function probeLive(
  name: ObjectName,
  workload: Workload,
  rows: readonly ObjectView[],
  cluster: Pick<Cluster, 'driver'>,
  signal: AbortSignal,
): Promise<LiveAnswer> {
  const key = keyOf(name);
  const rendered = await renderNow(workload, cluster, signal);
  const desired = rendered.objects.find((object) => object.key === key) ?? null;
  const row = rows.find((each) => keyOf(each) === key) ?? null;
  const version = desired ? desired.object.apiVersion.split('/').at(-1) : row?.version;
  if (version === undefined) throw new Error(`${titleOf(name)} is no object of the workload.`);
  const live = await cluster.driver.get(toObjectKey(name, version), signal);
  if (!live) {
    const absence = { path: '', desired: titleOf(name), live: null, manager: null, at: null };
    return { manifest: null, differences: desired ? [absence] : [] };
  }
  if (!desired) return { manifest: withHiddenSecrets(live), differences: [] };
  const isAdopted = row?.origin === 'adopted';
  const differences = findDifferences(isAdopted ? desired.bare : desired.object, live, {
    ignored: [...ignoredFields(workload, name), ...yieldedFields(live, workload.spec.policy)],
    isApplied: !isAdopted && appliedHashOf(live, row) === desired.hash,
  });
  return { manifest: withHiddenSecrets(live), differences };
}

async function renderNow(
  workload: Workload,
  { driver }: Pick<Cluster, 'driver'>,
  signal: AbortSignal,
): Promise<Rendered> {
  const types = new Map<string, ResourceType | null>();
  for (const { apiVersion, kind } of workload.spec.objects) {
    const key = `${apiVersion} ${kind}`;
    if (!types.has(key)) types.set(key, await driver.resolve(apiVersion, kind, signal));
  }
  return renderWorkload(workload, (apiVersion, kind) => types.get(`${apiVersion} ${kind}`)?.isNamespaced ?? null);
}
