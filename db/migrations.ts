/** Names, the oldest first. Each is the version of the schema that it leads to, and stands for a file in migrations/. */
export const migrationNames = [
  '0001-foundation',
  '0002-kubernetes-depth',
  '0003-past-reads',
  '0004-on-demand',
  '0005-managed-fields',
  '0006-default-account',
  '0007-developers',
  '0008-past-places',
  '0009-shared-leases',
  '0010-found-at-once',
] as const;

export const MIGRATIONS_TABLE = 'schema_migration';

export type MigrationName = (typeof migrationNames)[number];

/** The version of the schema that this program works with. */
export const newestSchema: string = migrationNames[migrationNames.length - 1] ?? '';
