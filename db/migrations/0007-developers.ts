import { Migration } from '@mikro-orm/migrations';

/** People who may edit in some projects, within what the platform allows. */
export class DevelopersMigration extends Migration {
  override name = '0007-developers';

  override up(): void {
    this.addSql(developers);
  }
}

/** Its text also names the template of the tests. */
export const developers = `
alter table principal drop constraint principal_role_check,
  add constraint principal_role_check check (role in ('operator', 'controller', 'developer')),
  -- Of a developer: where edits are allowed. One that is deleted, and made anew under the same name, is another one.
  add column project_ids uuid[] not null default '{}';
`;
