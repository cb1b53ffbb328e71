import { Migration } from '@mikro-orm/migrations';

/** One default account of a project at most. */
export class DefaultAccountMigration extends Migration {
  override name = '0006-default-account';

  override up(): void {
    this.addSql(defaultAccount);
  }
}

/** Its text also names the template of the tests. */
export const defaultAccount = `
create unique index resource_default_account on resource (project_id)
  where kind = 'CloudAccount' and (spec ->> 'default')::boolean;
`;
