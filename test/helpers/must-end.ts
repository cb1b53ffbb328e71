import { registerCompletionHandler } from 'ava';

/**
 * Every test process calls this (ava.config.mjs). ava waits for a process until it ends by itself, so one that left
 * something open after its last test would hold up the whole run: it fails instead, and says what is open.
 *
 * @param graceMs How long what closes in its own time may take, as the sockets of a client do.
 */
export default function mustEnd(graceMs: number): void {
  registerCompletionHandler(() => {
    setTimeout(() => {
      const open = [...new Set(process.getActiveResourcesInfo())].join(', ');
      throw new Error(`The tests are over, and ${graceMs} ms later these are still open: ${open}`);
    }, graceMs).unref();
  });
}
