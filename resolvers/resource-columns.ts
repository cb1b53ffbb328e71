import type { ResourceColumn, ResourceColumns } from '../db/read/resource-row.js';
import type { Selection } from './selection.js';

/** The columns that a selection on a resource needs. Fields that are not named here are read by their own resolvers. */
export function resourceColumnsOf(selection: Selection): ResourceColumns {
  const known = columnSets.get(selection) ?? columnsOf(selection);
  columnSets.set(selection, known);
  return known;
}

const columnSets = new WeakMap<Selection, ResourceColumns>();

function columnsOf(selection: Selection): ResourceColumns {
  const columns = new Set<ResourceColumn>();
  for (const field of selection.names) for (const column of byField.get(field) ?? []) columns.add(column);
  const status = selection.at('status');
  for (const field of status.names) for (const column of byStatusField.get(field) ?? []) columns.add(column);
  return columns;
}

const byField: ReadonlyMap<string, readonly ResourceColumn[]> = new Map<string, readonly ResourceColumn[]>([
  ['name', ['name']],
  ['project', ['projectId']],
  ['projectId', ['projectId']],
  ['environment', ['environmentId']],
  ['environmentId', ['environmentId']],
  ['owner', ['ownerId']],
  ['ownerId', ['ownerId']],
  ['labels', ['labels']],
  ['generation', ['generation']],
  ['version', ['version']],
  ['specVersion', ['specVersion']],
  ['document', ['spec']],
  ['spec', ['spec']],
  ['managers', ['managers']],
  ['stated', ['spec', 'managers']],
  ['leaseKey', ['leaseKey']],
  ['createdAt', ['createdAt']],
  ['updatedAt', ['updatedAt']],
  ['deletionRequestedAt', ['deletionRequestedAt']],
  ['isDeletionForced', ['isDeletionForced']],
  ['isOnDemand', ['isOnDemand']],
  ['observed', ['observed']],
  ['outputs', ['outputs']],
]);

const byStatusField: ReadonlyMap<string, readonly ResourceColumn[]> = new Map<string, readonly ResourceColumn[]>([
  ['observedGeneration', ['observedGeneration']],
  ['version', ['statusVersion']],
  ['health', ['health']],
  ['isSettled', ['health']],
  ['reason', ['conditions']],
  ['message', ['conditions']],
  ['since', ['conditions']],
  ['conditions', ['conditions']],
  ['outputs', ['outputs']],
  ['observed', ['observed']],
]);
