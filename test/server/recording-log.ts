import type { Log, LogFields } from '../../lib/log.js';

/** A log that keeps what was written, one JSON line each. */
export function recordingLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const make = (fields: LogFields): Log => {
    const write = (level: string) => (message: string, more?: LogFields) =>
      void lines.push(JSON.stringify({ level, message, ...fields, ...more }));
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (more) => make({ ...fields, ...more }),
    };
  };
  return { log: make({}), lines };
}
