import { Migration } from '@mikro-orm/migrations';

/** Resources that are made when they are first needed. */
export class OnDemandMigration extends Migration {
  override name = '0004-on-demand';

  override up(): void {
    this.addSql(onDemand);
  }
}

/** Its text also names the template of the tests. */
export const onDemand = `
-- on_demand: made because another resource needed it; it leaves with the last that refers to it. on_demand_keep: it stays.
alter table resource add column on_demand boolean not null default false,
  add column on_demand_keep boolean not null default false;
create index resource_on_demand on resource (id) where on_demand;
`;
