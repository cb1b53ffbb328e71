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
alter table event add column outside_id text, add column outside_count int;

-- Its deletion was forced: it is forgotten without asking the outside.
alter table resource add column deletion_forced boolean not null default false;
`;
