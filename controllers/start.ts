import { keepCompiled } from '../lib/node/keep-compiled.js';
import { readHome } from './config.js';

/** The controllers as a process of their own, compiled as their last start left them. `from`: for the log. */
export async function start(from: 'bundle' | 'files'): Promise<void> {
  keepCompiled(readHome, KEEP_AFTER_MS);
  const { run } = await import('./run.js');
  run(from);
}

/** What is done in passes has been done by then; one that is killed soon again shall find it. */
const KEEP_AFTER_MS = 3_000;
