import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, type Json } from '../../../lib/canonical.js';
import { hashJson } from '../../../lib/node/hash.js';
import { planeScopeId } from '../../../model/resource.js';
import type { ResourceProvider } from '../../../sdk/runtime/provider.js';
import type { Clusters, RuntimeSpec } from '../../cluster/clusters.js';
import { withHiddenSecrets } from '../probe/hidden-secrets.js';
import { type PlannedStep, probePlan } from '../probe/probe-plan.js';
import type { Workload, WorkloadSpec } from '../render.js';
import { type AdoptionInput, type FoundObjects, findObjects } from './find-objects.js';

type Probe = NonNullable<ResourceProvider<RuntimeSpec, never, never>['probe']>;

/**
 * The questions that a runtime answers: `adoption`: what would be taken over of a namespace, and what that would do to each
 * object, secrets hidden; `objects`: the same objects with the values of their secrets, which the server puts into its
 * store and shows to nobody. Nothing is written.
 */
export function createAdoptionProbe({ clusters }: { readonly clusters: Clusters }): Probe {
  return async function* probe(runtime, { question, input }, context): AsyncIterableIterator<Json> {
    const { signal, leaseSignal: opened, lease } = context;
    if (question !== 'adoption' && question !== 'objects') {
      throw new Error(`A KubernetesRuntime answers adoption and objects, and not ${question}.`);
    }
    const cluster = await clusters.get(runtime.id, { lease, signal: opened });
    const asked = readAdoptionInput(input);
    const found = await findObjects(cluster.driver, asked, signal);
    if (!found) {
      yield { isThere: false };
      return;
    }
    const { manifests, leftOut, unavailable } = found;
    yield {
      isThere: true,
      digest: digestOf(found),
      leftOut: leftOut.map((left) => ({ ...left })),
      unavailable: [...unavailable],
    };
    if (question === 'objects') {
      for (const objects of inParts(manifests)) yield { objects };
      return;
    }
    for (const objects of inParts(manifests.map(withHiddenSecrets))) yield { objects };
    const planned = plannedWorkload(runtime.name, asked.namespace, manifests);
    const before = { ...planned, spec: { ...planned.spec, objects: [] } };
    const given = { workload: before, rows: [], runtimeId: runtime.id, cluster, signal };
    for (const steps of inParts(await probePlan(planned, given))) yield { steps: steps as unknown as Json };
  };
}

function readAdoptionInput(input: Json): AdoptionInput {
  const { namespace, selector, except } = isJsonObject(input) ? input : {};
  if (typeof namespace !== 'string') throw new Error('Say of which namespace.');
  return {
    namespace,
    selector: typeof selector === 'string' ? selector : '',
    except: Array.isArray(except) ? except.filter((name) => typeof name === 'string') : [],
  };
}

/** What is agreed to. Values of secrets are no part of it: whoever sees it could try out guesses. */
function digestOf({ manifests, leftOut }: FoundObjects): string {
  return hashJson([manifests.map(withHiddenSecrets), leftOut]);
}

/** The component that the objects would become, as far as its plan looks at it. It has no id yet. */
function plannedWorkload(runtime: string, namespace: string, manifests: readonly KubernetesObject[]): Workload {
  const spec = {
    runtime,
    app: 'adopted',
    instance: 'adopted',
    release: 1,
    component: 'adopted',
    namespace,
    after: [],
    objects: manifests as unknown as WorkloadSpec['objects'],
    policy: { adopt: manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`) },
  };
  return { id: planeScopeId, ownerId: planeScopeId, name: 'adopted', generation: 1, spec, deletionRequestedAt: null };
}

/** Keeps a part of an answer some 100 kilobytes small, but for an object that is larger by itself. */
const PART_CHARACTERS = 100_000;

function inParts<Item extends KubernetesObject | PlannedStep | Json>(items: readonly Item[]): readonly Json[][] {
  const parts: Json[][] = [];
  let room = 0;
  for (const item of items) {
    const size = JSON.stringify(item).length;
    if (size > room) {
      parts.push([]);
      room = PART_CHARACTERS;
    }
    parts.at(-1)?.push(item as unknown as Json);
    room -= size;
  }
  return parts;
}
