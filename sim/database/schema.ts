import type {
  ApiTokenRow,
  AppDeploymentRow,
  AttemptRow,
  AuditRow,
  ChangesetRow,
  ControllerRow,
  EventRow,
  IdempotencyRow,
  IntentRow,
  LeaseRow,
  ObjectRow,
  PlaneRow,
  PrincipalRow,
  ReferenceRow,
  ReleaseRow,
  ResourceRow,
  ResourceStatusRow,
  RevisionRow,
  SecretValueRow,
} from './rows.js';
import { foreignKey, Index, Table } from './table.js';

/** Several columns as one key. */
export const keyOf = (...columns: readonly (string | number | bigint)[]): string => columns.join('\0');

/** The tables of db/migrations/, with their keys, their references, and the indexes that statements look into. */
export function createTables() {
  const resource = resourceTable();
  const ofResources = { ...inventoryTables(), ...controllerTables(), ...storeTables() };
  const { principal, apiToken } = principalTables();
  // In the order in which the foreign keys were made: Postgres checks them so.
  const referring = [resource, ...Object.values(ofResources)] as unknown as readonly Table<object>[];
  for (const table of referring) table.refersTo(resource as unknown as Table<object>);
  apiToken.refersTo(principal as unknown as Table<object>);
  return { resource, ...ofResources, principal, apiToken, ...plainTables() };
}

export type Tables = ReturnType<typeof createTables>;
export type TableName = keyof Tables;

function resourceTable() {
  const isDefault = ({ spec }: ResourceRow) => spec.default === true;
  const byKind = new Index<ResourceRow>((row) => row.kind);
  const byLease = new Index<ResourceRow>((row) => row.leaseKey);
  const byPlace = 'resource_name_is_unique_in_scope';
  const table = new Table<ResourceRow>({
    name: 'resource',
    uniques: [
      { name: 'resource_pkey', keyOf: (row) => row.id },
      { name: byPlace, keyOf: (row) => keyOf(row.kind, row.scopeId, row.name) },
      {
        name: 'resource_default_runtime',
        keyOf: (row) => (row.kind === 'KubernetesRuntime' && isDefault(row) ? row.projectId : null),
        isPartial: true,
      },
      {
        name: 'resource_default_account',
        keyOf: (row) => (row.kind === 'CloudAccount' && isDefault(row) ? row.projectId : null),
        isPartial: true,
      },
    ],
    indexes: [byKind, byLease],
    references: [
      foreignKey('resource_project_id_fkey', (row) => row.projectId, 'noAction'),
      foreignKey('resource_environment_id_fkey', (row) => row.environmentId, 'noAction'),
      foreignKey('resource_owner_id_fkey', (row) => row.ownerId, 'noAction'),
    ],
  });
  return Object.assign(table, {
    byKind,
    byLease,
    byPlace: table.unique(byPlace).index,
    byProject: table.by('resource_project_id_fkey'),
    byEnvironment: table.by('resource_environment_id_fkey'),
    byOwner: table.by('resource_owner_id_fkey'),
  });
}

function inventoryTables() {
  const byConsumed = new Index<ResourceStatusRow>((row) => Object.keys(row.consumed));
  const resourceStatus = new Table<ResourceStatusRow>({
    name: 'resource_status',
    uniques: [{ name: 'resource_status_pkey', keyOf: (row) => row.resourceId }],
    indexes: [byConsumed],
    references: [foreignKey('resource_status_resource_id_fkey', (row) => row.resourceId, 'cascade')],
  });
  const reference = new Table<ReferenceRow>({
    name: 'reference',
    uniques: [{ name: 'reference_pkey', keyOf: (row) => keyOf(row.fromId, row.path) }],
    references: [
      foreignKey('reference_from_id_fkey', (row) => row.fromId, 'cascade'),
      foreignKey('reference_to_id_fkey', (row) => row.toId, 'restrict'),
    ],
  });
  const nameOf = (row: ObjectRow) => [row.apiGroup, row.kind, row.namespace, row.name];
  const object = new Table<ObjectRow>({
    name: 'object',
    uniques: [
      { name: 'object_pkey', keyOf: (row) => keyOf(row.resourceId, ...nameOf(row)) },
      { name: 'object_has_one_owner', keyOf: (row) => keyOf(row.runtimeId, ...nameOf(row)) },
    ],
    references: [
      foreignKey('object_resource_id_fkey', (row) => row.resourceId, 'restrict'),
      foreignKey('object_runtime_id_fkey', (row) => row.runtimeId, 'restrict'),
    ],
  });
  return {
    resourceStatus: Object.assign(resourceStatus, { byConsumed }),
    reference: Object.assign(reference, {
      byFrom: reference.by('reference_from_id_fkey'),
      byTo: reference.by('reference_to_id_fkey'),
    }),
    object: Object.assign(object, {
      byResource: object.by('object_resource_id_fkey'),
      byRuntime: object.by('object_runtime_id_fkey'),
      byRuntimeName: object.unique('object_has_one_owner').index,
    }),
  };
}

function controllerTables() {
  const attempt = new Table<AttemptRow>({
    name: 'attempt',
    uniques: [{ name: 'attempt_pkey', keyOf: (row) => row.resourceId }],
    references: [foreignKey('attempt_resource_id_fkey', (row) => row.resourceId, 'cascade')],
  });
  const intent = new Table<IntentRow>({
    name: 'intent',
    uniques: [
      { name: 'intent_pkey', keyOf: (row) => row.id },
      { name: 'intent_resource_id_action_token_key', keyOf: (row) => keyOf(row.resourceId, row.action, row.token) },
    ],
    references: [foreignKey('intent_resource_id_fkey', (row) => row.resourceId, 'cascade')],
  });
  return { attempt, intent: Object.assign(intent, { byResource: intent.by('intent_resource_id_fkey') }) };
}

function storeTables() {
  const bySecret = new Index<SecretValueRow>((row) => row.id);
  const secretValue = new Table<SecretValueRow>({
    name: 'secret_value',
    uniques: [{ name: 'secret_value_pkey', keyOf: (row) => keyOf(row.id, row.version) }],
    indexes: [bySecret],
    references: [foreignKey('secret_value_resource_id_fkey', (row) => row.resourceId, 'cascade')],
  });
  const release = new Table<ReleaseRow>({
    name: 'release',
    uniques: [
      { name: 'release_pkey', keyOf: (row) => row.id },
      { name: 'release_app_id_number_key', keyOf: (row) => keyOf(row.appId, row.number) },
    ],
    references: [foreignKey('release_app_id_fkey', (row) => row.appId, 'cascade')],
  });
  return {
    secretValue: Object.assign(secretValue, {
      bySecret,
      byResource: secretValue.by('secret_value_resource_id_fkey'),
    }),
    release: Object.assign(release, {
      byApp: release.by('release_app_id_fkey'),
      byNumber: release.unique('release_app_id_number_key').index,
    }),
  };
}

function principalTables() {
  const principal = new Table<PrincipalRow>({
    name: 'principal',
    uniques: [
      { name: 'principal_pkey', keyOf: (row) => row.id },
      { name: 'principal_name_key', keyOf: (row) => row.name },
    ],
  });
  const apiToken = new Table<ApiTokenRow>({
    name: 'api_token',
    uniques: [
      { name: 'api_token_pkey', keyOf: (row) => row.id },
      { name: 'api_token_hash_key', keyOf: (row) => row.hash.toString('hex') },
    ],
    references: [foreignKey('api_token_principal_id_fkey', (row) => row.principalId, 'cascade')],
  });
  return { principal, apiToken };
}

/** Those that refer to nothing. */
function plainTables() {
  const bySeq = new Index<RevisionRow>((row) => String(row.seq));
  const byRevised = new Index<RevisionRow>((row) => row.resourceId);
  const revision = new Table<RevisionRow>({
    name: 'revision',
    uniques: [{ name: 'revision_pkey', keyOf: (row) => keyOf(row.seq, row.ordinal) }],
    indexes: [bySeq, byRevised],
  });
  const byTold = new Index<EventRow>((row) => row.resourceId);
  const event = new Table<EventRow>({
    name: 'event',
    uniques: [
      { name: 'event_pkey', keyOf: (row) => String(row.id) },
      {
        name: 'event_same',
        keyOf: (row) =>
          row.outsideId === null
            ? keyOf(row.resourceId, row.object, row.type, row.reason, row.source, row.message)
            : null,
        isPartial: true,
      },
      {
        name: 'event_outside',
        keyOf: (row) => (row.outsideId === null ? null : keyOf(row.resourceId, row.outsideId)),
        isPartial: true,
      },
    ],
    indexes: [byTold],
  });
  const byInstance = new Index<AppDeploymentRow>((row) => row.instanceId);
  const appDeployment = new Table<AppDeploymentRow>({
    name: 'app_deployment',
    uniques: [
      { name: 'app_deployment_pkey', keyOf: (row) => row.id },
      { name: 'app_deployment_instance_id_number_key', keyOf: (row) => keyOf(row.instanceId, row.number) },
    ],
    indexes: [byInstance],
  });
  return {
    revision: Object.assign(revision, { bySeq, byResource: byRevised }),
    event: Object.assign(event, { byResource: byTold }),
    appDeployment: Object.assign(appDeployment, { byInstance }),
    plane: new Table<PlaneRow>({ name: 'plane', uniques: [{ name: 'plane_pkey', keyOf: () => 'true' }] }),
    lease: leaseTable(),
    controller: new Table<ControllerRow>({
      name: 'controller',
      uniques: [{ name: 'controller_pkey', keyOf: (row) => row.holder }],
    }),
    changeset: new Table<ChangesetRow>({
      name: 'changeset',
      uniques: [{ name: 'changeset_pkey', keyOf: (row) => row.id }],
    }),
    idempotency: new Table<IdempotencyRow>({
      name: 'idempotency',
      uniques: [{ name: 'idempotency_pkey', keyOf: (row) => keyOf(row.principalId, row.key) }],
    }),
    audit: new Table<AuditRow>({ name: 'audit', uniques: [{ name: 'audit_pkey', keyOf: (row) => String(row.id) }] }),
  };
}

function leaseTable() {
  const byHolder = new Index<LeaseRow>((row) => row.holder);
  const lease = new Table<LeaseRow>({
    name: 'lease',
    uniques: [{ name: 'lease_pkey', keyOf: (row) => row.key }],
    indexes: [byHolder],
  });
  return Object.assign(lease, { byHolder });
}
