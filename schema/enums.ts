import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';
import { healths } from '../lib/health.js';

export const HealthEnum = enumOf('Health', healths, 'Whether a resource is what it should be. Healthy means settled.');
export const ConditionStatusEnum = enumOf('ConditionStatus', ['True', 'False', 'Unknown']);
export const ConditionTypeEnum = enumOf(
  'ConditionType',
  ['Ready', 'Synced'],
  'Ready: it works. Synced: the outside is as desired.',
);
export const EventTypeEnum = enumOf('EventType', ['Normal', 'Warning']);
export const ObjectStateEnum = enumOf(
  'ObjectState',
  ['intended', 'present', 'missing'],
  'intended: about to be created. present: seen. missing: was present, is not there.',
);
export const ObjectOriginEnum = enumOf(
  'ObjectOrigin',
  ['created', 'adopted'],
  'adopted: it was there before, and is never deleted.',
);
export const RevisionOpEnum = enumOf('RevisionOp', [
  'created',
  'updated',
  'deletionRequested',
  'removed',
  'status',
  'objects',
  'event',
]);
export const EditResultEnum = enumOf('EditResult', ['created', 'updated', 'unchanged', 'deletionRequested', 'removed']);
export const WatchTypeEnum = enumOf('WatchType', ['SYNC', 'CHANGED']);
export const ProbeMessageTypeEnum = enumOf(
  'ProbeMessageType',
  ['SYNC', 'ASK', 'CANCEL'],
  'SYNC: you are attached; nothing that was asked before is waited for any more. CANCEL: the asker left.',
);
export const AnswerStateEnum = enumOf(
  'AnswerState',
  ['TAKEN', 'FULL', 'UNWANTED'],
  'TAKEN: send the next one. FULL: the asker reads slowly, send the same again. UNWANTED: nobody waits for it, stop.',
);
export const ObjectActionEnum = enumOf('ObjectAction', ['CREATE', 'UPDATE', 'REPLACE', 'DELETE', 'NONE', 'BLOCKED']);
export const KindScopeEnum = enumOf(
  'KindScope',
  ['plane', 'project', 'environment', 'owner'],
  'Where a name must be unique.',
);
export const RoleEnum = enumOf('Role', ['operator', 'developer', 'controller'], 'What a token allows.');
export const ResourceOrderEnum = enumOf('ResourceOrder', ['NAME', 'CREATED_DESC', 'UPDATED_DESC']);

/** Inside, an edit's verb is in lower case. */
export const EditOpEnum = {
  CREATE: 'create',
  UPDATE: 'update',
  APPLY: 'apply',
  DEPLOY: 'deploy',
  REFRESH: 'refresh',
  DELETE: 'delete',
} as const;
registerEnumType(EditOpEnum, { name: 'EditOp' });

export const PlanActionEnum = {
  CREATE: 'create',
  UPDATE: 'update',
  REPLACE: 'replace',
  DELETE: 'delete',
  NONE: 'none',
} as const;
registerEnumType(PlanActionEnum, { name: 'PlanAction' });

/** An enum of the graph whose names are its values. */
export function enumOf<Name extends string>(
  name: string,
  values: readonly Name[],
  description?: string,
): Readonly<Record<Name, Name>> {
  const members = Object.fromEntries(values.map((value) => [value, value])) as Record<Name, Name>;
  registerEnumType(members, { name, ...(description ? { description } : {}) });
  return members;
}
