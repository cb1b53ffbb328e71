import type { JsonObject } from '../../lib/canonical.js';
import type { Condition } from '../../lib/health.js';
import type { StatusReport } from '../../sdk/resource.js';
import type { NodesView } from './nodes.js';
import type { MissingRights } from './rights.js';

/** What was seen of a cluster. */
export type RuntimeObservation =
  | Reachable
  /** No answer. */
  | { readonly type: 'unreachable'; readonly message: string }
  /** It answers, and does not accept the credential. */
  | { readonly type: 'refused'; readonly message: string }
  /** It answers, and not with what was asked for. */
  | { readonly type: 'failing'; readonly isThrottled: boolean; readonly message: string }
  | Leaving;

export interface Reachable extends NodesView {
  readonly type: 'reachable';
  readonly version: string;
  /** ISO 8601; null when the credential does not say. */
  readonly credentialExpiresAt?: string | null;
  /** null: the cluster cannot be asked. */
  readonly missingRights?: MissingRights | null;
}

/** It is to be forgotten. */
export interface Leaving {
  readonly type: 'leaving';
  /** The namespace that was made for it in the cluster. null: there is none any more, or never was one. */
  readonly namespace: LeavingNamespace | null;
}

export type LeavingNamespace =
  | { readonly state: 'present'; readonly name: string; readonly uid: string }
  | { readonly state: 'terminating'; readonly name: string }
  /** Nobody can tell whether it is there. */
  | { readonly state: 'unknown'; readonly name: string; readonly message: string };

const synced: Condition = { type: 'Synced', status: 'True', reason: 'InSync', message: '' };

/** What to say of a cluster. Pure. `runtime.status.observed` is what was seen last, which stays while it cannot be seen. */
export function runtimeStatus(
  runtime: { readonly name: string; readonly status: { readonly observed: JsonObject } },
  observation: RuntimeObservation,
): StatusReport {
  const unwell = (health: StatusReport['health'], ready: Omit<Condition, 'type'>): StatusReport => ({
    health,
    conditions: [{ type: 'Ready', ...ready }, synced],
    observed: runtime.status.observed,
    outputs: {},
  });
  switch (observation.type) {
    case 'reachable':
      return reachable(runtime.name, observation);
    case 'unreachable':
      return unwell('Unknown', { status: 'Unknown', reason: 'RuntimeUnreachable', message: observation.message });
    case 'refused': {
      const next = `Give it a new one: portolan runtime add ${runtime.name} --renew --kubeconfig PATH`;
      const message = `${observation.message} ${next}`;
      return unwell('Degraded', { status: 'False', reason: 'CredentialRefused', message });
    }
    case 'failing':
      return unwell('Degraded', {
        status: 'False',
        reason: observation.isThrottled ? 'Throttled' : 'ObjectFailed',
        message: observation.message,
      });
    case 'leaving':
      return unwell('Progressing', {
        status: 'False',
        reason: 'Terminating',
        message: observation.namespace
          ? `The namespace ${observation.namespace.name} in the cluster is being removed.`
          : '',
      });
  }
}

function reachable(name: string, observation: Reachable): StatusReport {
  const { version, nodes, nodesReady, capacity, credentialExpiresAt = null, missingRights = null } = observation;
  const { needed, useful } = missingRights ?? { needed: [], useful: [] };
  const missing = [...needed, ...useful];
  const isFit = needed.length === 0;
  const give = `To give it the rights: portolan runtime add ${name} --renew --kubeconfig PATH`;
  const ready: Omit<Condition, 'type'> =
    missing.length === 0
      ? { status: 'True', reason: 'Available', message: '' }
      : {
          status: isFit ? 'True' : 'False',
          reason: 'MissingRights',
          message: `The credential may not ${missing.join(', ')}. ${isFit ? 'What needs that is refused by the cluster.' : give}`,
        };
  return {
    health: isFit ? 'Healthy' : 'Degraded',
    conditions: [{ type: 'Ready', ...ready }, synced],
    observed: {
      version,
      ...(nodes === undefined ? {} : { nodes }),
      ...(nodesReady === undefined ? {} : { nodesReady }),
      ...(capacity === undefined ? {} : { capacity: { ...capacity } }),
      ...(credentialExpiresAt === null ? {} : { credentialExpiresAt }),
      ...(missingRights === null ? {} : { missingRights: missing }),
    },
    outputs: {},
  };
}
