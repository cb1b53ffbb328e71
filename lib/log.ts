/** Facts that go with a log line. Never a secret: callers pass ids and names, not documents. */
export type LogFields = Readonly<Record<string, unknown>>;

/** ERROR means that a person must act. One line per outcome. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds `fields` to every line. */
  child(fields: LogFields): Log;
}

/** A log that writes nothing, for tests and for clients that print by themselves. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
