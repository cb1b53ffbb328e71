import type { EventReport, ResourceView } from '../../sdk/resource.js';
import { isSynced } from '../../sdk/runtime/status-report.js';
import type { CloudAction } from './cloud-observation.js';
import { changesText } from './plan-cloud.js';

/** What to tell of an action that a cloud accepted; null where nobody needs to know. Pure. */
export function actionEvent(resource: ResourceView<unknown>, action: CloudAction<unknown>): EventReport | null {
  switch (action.type) {
    case 'create': {
      const { type } = action.key;
      if (!isSynced(resource)) return event('Normal', 'Creating', `The ${type} was asked for.`);
      return event('Warning', 'Vanished', `Somebody deleted the ${type}. It is made again, as a new one.`);
    }
    case 'update': {
      const changes = changesText(action.changes);
      if (!isSynced(resource)) return event('Normal', 'Updating', changes);
      return event('Warning', 'Drifted', `Somebody else changed it, and it is changed back: ${changes}`);
    }
    case 'delete':
      return deletionEvent(action);
    case 'empty':
      return event('Warning', 'Emptying', 'All that it held was deleted.');
    case 'adjust':
    case 'await':
      return null;
  }
}

function deletionEvent(action: Extract<CloudAction<unknown>, { readonly type: 'delete' }>): EventReport {
  switch (action.why) {
    case 'removed':
      return event('Normal', 'Deleting', `The deletion of the ${action.key.type} was asked for.`);
    case 'replaced':
      return event('Warning', 'Replacing', `It is made anew: ${changesText(action.changes)}`);
    case 'failed':
      return event('Warning', 'CreationFailed', action.look.seen?.message || 'It could not be made.');
  }
}

function event(type: EventReport['type'], reason: string, message: string): EventReport {
  return { type, reason, message, object: '' };
}
