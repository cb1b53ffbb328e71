import { mayBecomeSnapshot } from './snapshot/config.js';
import { findSnapshot } from './snapshot/find-snapshot.js';

/*
 * The server as a process of its own: node dist/server/main.js, and bin/portolan-server where the snapshot does not fit.
 * Becomes one that starts from the snapshot of the bundle, where that fits; else runs the bundle where it was built, else
 * what that is made of. Not by import: see docs/adr/0023-a-start-loads-little.md and
 * docs/adr/0030-a-start-from-a-snapshot.md.
 */

const bundle = `${import.meta.dirname}/bundle`;
const snapshot = mayBecomeSnapshot() ? findSnapshot(bundle, process.execPath) : null;
// The same process, with the same id, input and output: nobody who started it sees a difference.
if (snapshot)
  process.execve?.(process.execPath, [process.argv0, '--snapshot-blob', snapshot, ...process.argv.slice(1)]);

const program = `${bundle}/start.cjs`;
const isBuilt = process.getBuiltinModule('node:fs').existsSync(program);
const { start }: typeof import('./start.js') = isBuilt
  ? process.getBuiltinModule('node:module').createRequire(import.meta.url)(program)
  : await import('./start.js');
await start(isBuilt ? 'bundle' : 'files');
