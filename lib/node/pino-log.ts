import { pino } from 'pino';
import type { Log, LogFields } from '../log.js';

/** A log that writes one JSON line each to standard error, so that standard output stays for answers. */
export function createPinoLog(level: 'debug' | 'info' | 'warn' | 'error', fields: LogFields = {}): Log {
  return wrap(pino({ level, base: { ...fields }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2)));
}

function wrap(logger: pino.Logger): Log {
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
    child: (fields) => wrap(logger.child(fields)),
  };
}
