import { Migration } from '@mikro-orm/migrations';

/** Drift of outside objects, events of clusters, and deletions that do not wait for the outside. */
export class KubernetesDepthMigration extends Migration {
  override name = '0002-kubernetes-depth';

  override up(): void {
    this.addSql(kubernetesDepth);
  }
}

/** Its text also names the template of the tests. */
export const kubernetesDepth = `
-- Null, or the fields in which it differs from what is desired: [{ path, desired, live, manager, at }]. No secret value.
alter table object add column drift jsonb;
create index object_drifted on object (resource_id) where drift is not null;

-- Events that a cluster told of: its own id and count of the event, so that the same one seen again is not counted again.
-- owner_object: the object of the inventory that it is told of under, where it is about a pod or the like.
alter table event add column outside_id text, add column outside_count int, add column owner_object text;
drop index event_same;
create unique index event_same on event (resource_id, object, type, reason, source, md5(message)) where outside_id is null;
create unique index event_outside on event (resource_id, outside_id) where outside_id is not null;
create index event_subject on event (resource_id, coalesce(owner_object, object), last_at desc, id desc);

-- Its deletion was forced: it is forgotten without asking the outside.
alter table resource add column deletion_forced boolean not null default false;
`;
