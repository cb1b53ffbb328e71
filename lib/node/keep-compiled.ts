import { mkdirSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Keeps what V8 compiles in the data folder, which is ours alone: what is found there is run. It is written after
 * `afterMs`, since at the end V8 has forgotten what only the start ran, or there is none, when the end is a kill. Without
 * it a start takes longer, and that is all. See docs/adr/0023-a-start-loads-little.md.
 */
export function keepCompiled(readHome: () => string, afterMs: number): void {
  try {
    const home = readHome();
    mkdirSync(home, { recursive: true, mode: 0o700 });
    enableCompileCache(join(home, 'compiled'));
    setTimeout(flushCompileCache, afterMs).unref();
  } catch {
    // Whatever is wrong with the settings or the folder, the start says it better.
  }
}
