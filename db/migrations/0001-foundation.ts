import { Migration } from '@mikro-orm/migrations';

/** The tables of the first release. */
export class FoundationMigration extends Migration {
  override name = '0001-foundation';

  override up(): void {
    this.addSql(foundation);
  }
}

/** Its text also names the template of the tests. */
export const foundation = `
-- One installation. The incarnation tells cursors of this database from those of another.
create table plane (
  singleton boolean primary key default true check (singleton),
  incarnation uuid not null,
  -- Changes up to and including this one may have been dropped by retention.
  retained_after bigint not null default 0,
  created_at timestamptz not null default now()
);

-- Envelope and desired state of every kind: ten thousand resources of a new kind need no migration.
create table resource (
  id uuid primary key,
  kind text not null,
  project_id uuid references resource (id),
  environment_id uuid references resource (id),
  owner_id uuid references resource (id),
  scope_id uuid not null,
  name text not null,
  generation int not null default 1,
  version int not null default 1,
  spec_version int not null,
  labels jsonb not null default '{}',
  spec jsonb not null,
  managers jsonb not null default '{}',
  lease_key text,
  deletion_requested_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint resource_name_is_unique_in_scope unique (kind, scope_id, name)
);
create index resource_project on resource (project_id, kind, name, id);
create index resource_environment on resource (environment_id, kind, name, id);
create index resource_owner on resource (owner_id);
create index resource_lease on resource (lease_key);
create index resource_labels on resource using gin (labels jsonb_path_ops);
-- At most one default runtime per project.
create unique index resource_default_runtime on resource (project_id)
  where kind = 'KubernetesRuntime' and (spec ->> 'default')::boolean;

-- Other churn, other row.
create table resource_status (
  resource_id uuid primary key references resource (id) on delete cascade,
  observed_generation int not null default 0,
  version int not null default 0,
  health text not null default 'Progressing',
  conditions jsonb not null default '[]',
  outputs jsonb not null default '{}',
  consumed jsonb not null default '{}',
  is_stale boolean not null default false,
  observed jsonb not null default '{}',
  updated_at timestamptz not null default now()
) with (fillfactor = 80);
create index resource_status_consumed on resource_status using gin (consumed);

-- What a resource is shown as. The same rule as healthOf in model/settled.ts; a test compares the two.
create function resource_health(
  generation int, deletion_requested_at timestamptz, observed_generation int, health text, is_stale boolean
) returns text language sql immutable parallel safe as $$
  select case
    when deletion_requested_at is not null and health in ('Healthy', 'Suspended') then 'Progressing'
    when observed_generation is null or observed_generation < generation then
      case when health in ('Degraded', 'Unknown', 'Missing') then health else 'Progressing' end
    when is_stale and health = 'Healthy' then 'Progressing'
    else health
  end
$$;

-- Typed edges. A target cannot go while somebody points to it.
create table reference (
  from_id uuid not null references resource (id) on delete cascade,
  path text not null,
  to_id uuid not null references resource (id) on delete restrict,
  primary key (from_id, path)
);
create index reference_to on reference (to_id);

-- What a resource owns outside: the inventory. Committed before the first outside write; a row goes only on observed absence.
create table object (
  resource_id uuid not null references resource (id) on delete restrict,
  runtime_id uuid not null references resource (id) on delete restrict,
  api_group text not null,
  api_version text not null,
  kind text not null,
  namespace text not null default '',
  name text not null,
  -- intended: about to be created. present: seen. missing: was present, is not there.
  state text not null default 'intended' check (state in ('intended', 'present', 'missing')),
  -- adopted: it was there before us, so it is never deleted.
  origin text not null default 'created' check (origin in ('created', 'adopted')),
  uid text,
  applied_hash text,
  health text not null default 'Progressing',
  reason text,
  message text not null default '',
  since timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (resource_id, api_group, kind, namespace, name),
  constraint object_has_one_owner unique (runtime_id, api_group, kind, namespace, name)
);

-- The one record of change. One number per commit, taken last in the transaction: a commit can never be cut apart.
create sequence revision_seq as bigint;
-- From here on last_value is always a number that was given out, which the tail's bound relies on.
select setval('revision_seq', 1);
create table revision (
  seq bigint not null,
  ordinal int not null,
  at timestamptz not null default now(),
  changeset_id uuid,
  resource_id uuid not null,
  kind text not null,
  project_id uuid,
  environment_id uuid,
  owner_id uuid,
  name text not null,
  lease_key text,
  op text not null check (op in ('created', 'updated', 'deletionRequested', 'removed', 'status', 'objects', 'event')),
  generation int not null,
  version int not null,
  status_version int,
  actor text not null,
  manager text,
  -- What filters look at, before and after: { labels, health, deleting }.
  before jsonb,
  after jsonb,
  -- The whole of what changed, as it is after: { spec, labels, managers } or { health, conditions, outputs } or { objects }.
  document jsonb,
  primary key (seq, ordinal)
) partition by range (seq);
create index revision_resource on revision (resource_id, seq desc, ordinal);

create table event (
  id bigint generated always as identity primary key,
  resource_id uuid not null,
  project_id uuid,
  environment_id uuid,
  -- The object that it is about, as Kind/namespace/name; empty when it is about the resource itself.
  object text not null default '',
  type text not null check (type in ('Normal', 'Warning')),
  reason text not null,
  message text not null,
  source text not null,
  count int not null default 1,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now()
);
create unique index event_same on event (resource_id, object, type, reason, source, md5(message));
create index event_resource on event (resource_id, last_at desc, id desc);
create index event_recent on event (last_at desc, id desc);

-- Runs of the reconciler for a key. Changes all the time, so it has no versions.
create table attempt (
  resource_id uuid primary key references resource (id) on delete cascade,
  count int not null,
  last_error text not null,
  next_retry_at timestamptz,
  updated_at timestamptz not null default now()
) with (fillfactor = 70);

create table intent (
  id uuid primary key,
  resource_id uuid not null references resource (id) on delete cascade,
  action text not null,
  token text not null,
  lease_epoch bigint not null,
  begun_at timestamptz not null default now(),
  resolved_at timestamptz,
  outcome jsonb,
  unique (resource_id, action, token)
);

create table lease (
  key text primary key,
  epoch bigint not null,
  holder text,
  principal_id uuid,
  expires_at timestamptz not null
);

create table controller (
  holder text primary key,
  principal_id uuid not null,
  kinds text[] not null,
  version text not null,
  registered_at timestamptz not null default now()
);

-- Ciphertext only. The row's id and version are bound to it as additional data.
create table secret_value (
  id uuid not null,
  version int not null,
  resource_id uuid not null references resource (id) on delete cascade,
  path text not null,
  key_id text not null,
  nonce bytea not null,
  ciphertext bytea not null,
  -- Keyed, so that "the same again" can be told without decryption and weak values cannot be guessed.
  hmac bytea not null,
  created_at timestamptz not null default now(),
  primary key (id, version)
);
create index secret_value_place on secret_value (resource_id, path, version desc);

create table release (
  id uuid primary key,
  app_id uuid not null references resource (id) on delete cascade,
  number int not null,
  spec jsonb not null,
  digest text not null,
  actor text not null,
  created_at timestamptz not null default now(),
  unique (app_id, number)
);

create table app_deployment (
  id uuid primary key,
  instance_id uuid not null,
  number int not null,
  app_id uuid not null,
  release int not null,
  release_digest text not null,
  -- What it came to: the names and digests of what was expanded, and the versions of what was read.
  resolved jsonb not null,
  actor text not null,
  created_at timestamptz not null default now(),
  unique (instance_id, number)
);
create index app_deployment_app on app_deployment (app_id);

create table changeset (
  id uuid primary key,
  actor text not null,
  manager text not null,
  edits int not null,
  created_at timestamptz not null default now()
);

create table principal (
  id uuid primary key,
  name text not null unique,
  role text not null check (role in ('operator', 'controller')),
  created_at timestamptz not null default now()
);

create table api_token (
  id uuid primary key,
  principal_id uuid not null references principal (id) on delete cascade,
  -- SHA-256 of 32 random bytes: nothing to guess, so no slow hash.
  hash bytea not null unique,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

create table idempotency (
  principal_id uuid not null,
  key text not null,
  input_hmac bytea not null,
  result jsonb not null,
  created_at timestamptz not null default now(),
  primary key (principal_id, key)
);
create index idempotency_age on idempotency (created_at);

-- Who was given a credential, and who was refused one.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  resource_id uuid,
  is_allowed boolean not null,
  detail text not null default ''
);
create index audit_resource on audit (resource_id, id desc);
`;
