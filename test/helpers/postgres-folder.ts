import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { EmbeddedPostgres } from '../../db/embedded.js';

/** An empty folder that goes with the test, owned by `owner` if given. */
export async function emptyFolder(
  t: ExecutionContext,
  owner?: { readonly uid: number; readonly gid: number },
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'portolan-postgres-test-'));
  if (owner) await chown(folder, owner.uid, owner.gid);
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Ends a server and removes all that it has, wherever that is. */
export async function removeServer(server: EmbeddedPostgres): Promise<void> {
  await server.close();
  await rm(server.homeFolder, { recursive: true, force: true, maxRetries: 5 });
}
