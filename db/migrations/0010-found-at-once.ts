import { Migration } from '@mikro-orm/migrations';

/** Searches that look at an index alone. */
export class FoundAtOnceMigration extends Migration {
  override name = '0010-found-at-once';

  override up(): void {
    this.addSql(foundAtOnce);
  }
}

/**
 * A GIN index keeps what was written lately in a list, up to 4 MB of it, and each search reads all of that: 3 ms for each
 * producer that reports outputs, among 20,000 statuses, instead of some microseconds. Its text also names the template of the tests.
 */
export const foundAtOnce = `
alter index resource_status_consumed set (fastupdate = off);
alter index resource_labels set (fastupdate = off);
select gin_clean_pending_list('resource_status_consumed'), gin_clean_pending_list('resource_labels');
`;
