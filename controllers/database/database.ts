import type { SpecOf } from '../../lib/kind.js';
import type { databaseKind } from '../../schema/kinds/database.js';
import { accountOf } from '../cloud/account-of.js';
import type { CloudKind } from '../cloud/cloud-kind.js';
import { engineDefaults } from './engine.js';

/** A relational database. Its password is made once and kept; nobody but those who are bound to it gets it. */
export const database: CloudKind<SpecOf<typeof databaseKind>> = {
  kind: 'Database',
  type: 'database',
  accountId: accountOf,
  region: ({ spec }) => spec.location ?? null,
  propertiesOf({ resource: { spec }, seen, kept }) {
    const engine = spec.engine ?? 'postgres';
    const defaults = engineDefaults[engine];
    const { password } = kept;
    return {
      engine,
      // Left out, it stays at the version that it was made with: a version only goes up.
      engineVersion: spec.version ?? versionOf(seen?.properties, engine) ?? defaults.version,
      size: spec.size ?? 'small',
      storageGb: spec.storageGb ?? 20,
      port: spec.port ?? defaults.port,
      databaseName: spec.databaseName ?? 'app',
      user: spec.user ?? 'app',
      isMultiZone: spec.multiZone ?? false,
      backupDays: spec.backupDays ?? 0,
      ...lastProperties(spec),
      ...(password && { password: { ...password } }),
    };
  },
  outputsOf({ seen, kept }) {
    const { host, port, databaseName, user } = seen?.attributes ?? {};
    if (host === undefined) return {};
    const { password } = kept;
    return { host, port, name: databaseName, user, password: password && { ...password } };
  },
  immutable: ['engine', 'databaseName', 'user'],
  mayReplace: ({ replace }) => replace ?? false,
  generated: ['password'],
  lastProperties,
};

function lastProperties(spec: SpecOf<typeof databaseKind>) {
  return { isProtected: spec.deletionProtection ?? false, finalSnapshot: spec.finalSnapshot ?? false };
}

function versionOf(seen: { readonly [name: string]: unknown } | undefined, engine: string): string | null {
  return seen?.engine === engine && typeof seen.engineVersion === 'string' ? seen.engineVersion : null;
}
