import { Migration } from '@mikro-orm/migrations';

/** Controllers that share leases: who of them is there, and which leases are asked of their holders. */
export class SharedLeasesMigration extends Migration {
  override name = '0009-shared-leases';

  override up(): void {
    this.addSql(sharedLeases);
  }
}

/** Its text also names the template of the tests. */
export const sharedLeases = `
alter table controller
  -- It shares leases from joined_at on, for as long as it is heard of.
  add column joined_at timestamptz,
  add column seen_until timestamptz;
alter table lease
  -- Who is to have it next, once its holder gives it back; a claim that is not repeated ends.
  add column claimant text,
  add column claimed_until timestamptz;
`;
