import { keepCompiled } from '../lib/node/keep-compiled.js';
import { readHome } from './config.js';

/**
 * The server as a process of its own, compiled as its last start left it. See docs/adr/0023-a-start-loads-little.md.
 * `from` is where its program comes from, for the log.
 */
export async function start(from: 'snapshot' | 'bundle' | 'files'): Promise<void> {
  keepCompiled(readHome, KEEP_AFTER_MS);
  const { run } = await import('./run.js');
  await run(from);
}

/** The first answers are given by then, and what they ran is kept too. */
const KEEP_AFTER_MS = 10_000;
