import { Migration } from '@mikro-orm/migrations';

/** Reads of what was at a moment of the log. */
export class PastReadsMigration extends Migration {
  override name = '0003-past-reads';

  override up(): void {
    this.addSql(pastReads);
  }
}

/** Its text also names the template of the tests. */
export const pastReads = `
-- The newest document of a resource up to a number: of desired state, and of status. See db/read/past-source.ts.
create index revision_desired on revision (resource_id, seq desc, ordinal desc)
  where op in ('created', 'updated', 'deletionRequested', 'removed');
create index revision_status on revision (resource_id, seq desc, ordinal desc) where op = 'status';
-- All resources that ever were, by what of them never changes.
create index revision_made on revision (kind, name, resource_id) where op = 'created';
create index revision_made_owned on revision (owner_id, name, resource_id) where op = 'created' and owner_id is not null;
create index revision_references on revision using gin ((document -> 'references') jsonb_path_ops)
  where op in ('created', 'updated', 'deletionRequested');
-- A time is the newest commit that had begun by then.
create index revision_time on revision (at desc, seq desc);

-- From here on a document of desired state has the references and the version of its spec. What is there now gets them
-- too; of what was there before, the log cannot tell any more.
update revision v set document = v.document || jsonb_build_object('specVersion', r.spec_version, 'references', (
    select coalesce(jsonb_agg(jsonb_build_object('path', f.path, 'toId', f.to_id) order by f.path), '[]')
    from reference f where f.from_id = r.id))
from resource r, lateral (
  select n.seq, n.ordinal from revision n
  where n.resource_id = r.id and n.op in ('created', 'updated', 'deletionRequested', 'removed')
  order by n.seq desc, n.ordinal desc limit 1
) newest
where v.seq = newest.seq and v.ordinal = newest.ordinal and v.document is not null;
`;
