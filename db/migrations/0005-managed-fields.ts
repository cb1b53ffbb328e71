import { Migration } from '@mikro-orm/migrations';

/** What managers state of fields that others have, and since when each field is as it is. */
export class ManagedFieldsMigration extends Migration {
  override name = '0005-managed-fields';

  override up(): void {
    this.addSql(managedFields);
  }
}

/** Its text also names the template of the tests. */
export const managedFields = `
-- yielded: by path and manager, what a manager states of a field that another one has: { same: true }, or { value } that
-- gave way; of a secret a keyed hash. set_in: by path, the changeset that last set the field; an entry is about all below
-- it. Of what was set before, nobody can tell. Neither is desired state: a change of them alone has no revision.
alter table resource add column yielded jsonb not null default '{}', add column set_in jsonb not null default '{}';
`;
