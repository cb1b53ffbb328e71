import type { Faults } from '../faults.js';
import type { CloudEntry } from './cloud-entry.js';
import type { CloudStore } from './cloud-store.js';
import { cloudSubject } from './cloud-subject.js';

/**
 * What was set going comes to its end: creating becomes available or failed, updating becomes available with what was
 * pending, deleting becomes gone. Called when it is due.
 */
export function endTransition(store: CloudStore, faults: Faults, entry: CloudEntry): void {
  switch (entry.state) {
    case 'creating': {
      const fault = faults.take('creationFails', cloudSubject(entry, 'create', entry));
      if (!fault) store.put({ ...entry, state: 'available', dueMs: null });
      else store.put({ ...entry, state: 'failed', message: fault.message ?? 'it could not be made', dueMs: null });
      return;
    }
    case 'updating': {
      const fault = faults.take('updateFails', cloudSubject(entry, 'update', entry));
      const properties = fault ? entry.properties : (entry.pending ?? entry.properties);
      const message = fault ? (fault.message ?? 'its last change could not be made') : '';
      store.put({ ...entry, state: 'available', message, properties, pending: null, dueMs: null });
      return;
    }
    case 'deleting':
      if (entry.properties.finalSnapshot === true) store.put(snapshotOf(entry));
      store.remove(entry);
      return;
    default:
      return;
  }
}

function snapshotOf(entry: CloudEntry): CloudEntry {
  const { suffix, name, properties } = entry;
  const { engine = '', storageGb = 0 } = properties;
  return {
    ...entry,
    type: 'snapshot',
    name: `${name.slice(0, 63 - suffix.length - 1)}-${suffix}`,
    id: `snapshot-${suffix}`,
    state: 'available',
    properties: { database: name, engine, storageGb },
    dueMs: null,
  };
}
