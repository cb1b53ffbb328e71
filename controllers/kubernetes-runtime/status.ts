import type { Condition } from '../../lib/health.js';
import type { StatusReport } from '../../sdk/resource.js';

/** What was seen of a cluster. */
export type RuntimeObservation =
  | { readonly type: 'reachable'; readonly version: string; readonly nodes?: number; readonly nodesReady?: number }
  /** No answer. */
  | { readonly type: 'unreachable'; readonly message: string }
  /** It answers, and does not accept the credential. */
  | { readonly type: 'refused'; readonly message: string }
  /** It answers, and not with what was asked for. */
  | { readonly type: 'failing'; readonly message: string }
  /** It is to be forgotten: what it is does not matter any more. */
  | { readonly type: 'leaving' };

const synced: Condition = { type: 'Synced', status: 'True', reason: 'InSync', message: '' };

/** What to say of a cluster. Pure. */
export function runtimeStatus(observation: RuntimeObservation): StatusReport {
  switch (observation.type) {
    case 'reachable': {
      const { type: _type, ...observed } = observation;
      const ready: Condition = { type: 'Ready', status: 'True', reason: 'Available', message: '' };
      return { health: 'Healthy', conditions: [ready, synced], observed, outputs: {} };
    }
    case 'unreachable':
      return unwell('Unknown', {
        type: 'Ready',
        status: 'Unknown',
        reason: 'RuntimeUnreachable',
        message: observation.message,
      });
    case 'refused':
      return unwell('Degraded', {
        type: 'Ready',
        status: 'False',
        reason: 'CredentialRefused',
        message: observation.message,
      });
    case 'failing':
      return unwell('Degraded', {
        type: 'Ready',
        status: 'False',
        reason: 'ObjectFailed',
        message: observation.message,
      });
    case 'leaving':
      return unwell('Progressing', { type: 'Ready', status: 'False', reason: 'Terminating', message: '' });
  }
}

function unwell(health: StatusReport['health'], ready: Condition): StatusReport {
  return { health, conditions: [ready, synced], observed: {}, outputs: {} };
}
