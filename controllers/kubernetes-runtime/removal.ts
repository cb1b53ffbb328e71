import {
  CredentialRefusedError,
  DeniedError,
  KubernetesError,
  PreconditionError,
} from '../../drivers/kubernetes/errors.js';
import { registrationMark } from '../../drivers/kubernetes/registration-mark.js';
import { errorText } from '../../lib/errors.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import type { Clusters, RuntimeSpec } from '../cluster/clusters.js';
import type { Leaving, LeavingNamespace, RuntimeObservation } from './status.js';

/** One step of taking away what the registration made: its namespace, to which all else of it belongs. */
export type LeaveAction = LeavingNamespace;

interface LeaveOptions {
  readonly client: ResourceClient<RuntimeSpec>;
  readonly clusters: Clusters;
}

type RuntimeView = ResourceView<RuntimeSpec>;

/** Looks for the namespace of a runtime that is to be forgotten. An unreachable cluster is an observation, not an absence. */
export async function lookAtLeaving(
  options: LeaveOptions,
  runtime: RuntimeView,
  context: ReconcileContext,
): Promise<Leaving> {
  const name = runtime.spec.cluster?.serviceAccount?.namespace;
  if (name === undefined) return gone(options, runtime);
  try {
    const { driver } = await options.clusters.refresh(runtime, context);
    options.clusters.setAway(runtime.id, null);
    const found = await driver.get({ apiVersion: 'v1', kind: 'Namespace', namespace: null, name }, context.signal);
    if (!found) return gone(options, runtime);
    const { uid = '', deletionTimestamp, annotations = {} } = found.metadata;
    if (annotations[registrationMark] !== name) {
      const message = `The namespace ${name} was not made by registering this runtime, so it stays.`;
      context.event({ type: 'Warning', reason: 'NamespaceKept', message, object: `Namespace//${name}` });
      return gone(options, runtime);
    }
    const namespace: LeavingNamespace =
      deletionTimestamp === undefined ? { state: 'present', name, uid } : { state: 'terminating', name };
    return { type: 'leaving', namespace };
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    const isLockedOut = error instanceof CredentialRefusedError || error instanceof DeniedError;
    // The account goes with its namespace: who asked for that is not let in any more, and has nothing left to see.
    if (isLockedOut && wasAccepted(runtime, name)) return gone(options, runtime);
    if (isLockedOut) await options.clusters.drop(runtime.id);
    return { type: 'leaving', namespace: { state: 'unknown', name, message: errorText(error) } };
  }
}

async function gone({ clusters }: LeaveOptions, runtime: RuntimeView): Promise<Leaving> {
  clusters.setAway(runtime.id, null);
  await clusters.drop(runtime.id);
  return { type: 'leaving', namespace: null };
}

/** Pure. Empty: nothing of it is left in the cluster. */
export function planLeaving(observation: RuntimeObservation): readonly LeaveAction[] {
  return observation.type === 'leaving' && observation.namespace ? [observation.namespace] : [];
}

/** Asks for the deletion of the namespace and keeps that it was accepted. Throws, with the way out, when the cluster cannot be asked. */
export async function leave(
  options: LeaveOptions,
  runtime: RuntimeView,
  action: LeaveAction,
  context: ReconcileContext,
): Promise<void> {
  const { name } = action;
  if (action.state === 'unknown') {
    throw new Error(
      `Whether the namespace ${name} is still in the cluster cannot be seen: ${action.message} It is asked again. To forget the runtime all the same: portolan runtime remove ${runtime.name} --force, and in the cluster: kubectl delete namespace ${name}`,
    );
  }
  if (action.state === 'present') {
    const { driver } = await options.clusters.get(runtime.id, context);
    const key = { apiVersion: 'v1', kind: 'Namespace', namespace: null, name };
    await driver.delete(key, { uid: action.uid, signal: context.signal }).catch((error: unknown) => {
      // It is on its way out already.
      if (!(error instanceof PreconditionError)) throw error;
    });
    context.event({
      type: 'Normal',
      reason: 'Deleting',
      message: 'The service account of this registration is being removed from the cluster.',
      object: `Namespace//${name}`,
    });
  }
  // Begun when the cluster has accepted it, and open until the runtime goes: what is waited for.
  await options.client.beginIntent(runtime.id, { action: LEAVE, token: name }, context);
}

const LEAVE = 'leaveCluster';

function wasAccepted({ openIntents }: RuntimeView, name: string): boolean {
  return openIntents.some(({ action, token }) => action === LEAVE && token === name);
}
