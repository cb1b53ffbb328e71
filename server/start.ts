import { mkdirSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { readHome } from './config.js';

/**
 * The server as a process of its own, compiled as its last start left it. See docs/adr/0023-a-start-loads-little.md.
 * `from` is where its program comes from, for the log.
 */
export async function start(from: 'snapshot' | 'bundle' | 'files'): Promise<void> {
  keepCompiled();
  const { run } = await import('./run.js');
  await run(from);
}

/** In the data folder, which is ours alone: what is found there is run. Without it a start takes longer, and that is all. */
function keepCompiled(): void {
  try {
    const home = readHome();
    mkdirSync(home, { recursive: true, mode: 0o700 });
    enableCompileCache(join(home, 'compiled'));
    // It is written at the end, when V8 has forgotten what only the start ran, or never, when the end is a kill.
    setTimeout(flushCompileCache, KEEP_AFTER_MS).unref();
  } catch {
    // Whatever is wrong with the settings or the folder, the start says it better.
  }
}

/** The first answers are given by then, and what they ran is kept too. */
const KEEP_AFTER_MS = 10_000;
