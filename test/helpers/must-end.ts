import { registerCompletionHandler } from 'ava';

/*
 * Every test process loads this (ava.config.mjs). ava waits for a process until it ends by itself, so one that left
 * something open after its last test would hold up the whole run: it fails instead, and says what is open.
 */

/** Longer than any timer that may find, when it is due, that nothing is left to do. */
const graceMs = Number(process.env.PORTOLAN_TEST_GRACE_MS ?? 90_000);

registerCompletionHandler(() => {
  setTimeout(() => {
    const open = [...new Set(process.getActiveResourcesInfo())].join(', ');
    throw new Error(`The tests are over, and ${graceMs} ms later these are still open: ${open}`);
  }, graceMs).unref();
});
