import { homedir } from 'node:os';
import { join } from 'node:path';
import { BadInputError } from '../errors.js';

/** The value of a variable, without blanks around it; null where it is not set, or empty. */
export type ReadSetting = (name: string) => string | null;

/** The variables of a process, by name. What is not read is ignored. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function settingsOf(environment: Environment): ReadSetting {
  return (name) => environment[name]?.trim() || null;
}

/** PORTOLAN_HOME, else $XDG_DATA_HOME/portolan, else ~/.local/share/portolan. */
export function dataFolder(read: ReadSetting): string {
  return read('PORTOLAN_HOME') ?? join(read('XDG_DATA_HOME') ?? join(homedir(), '.local', 'share'), 'portolan');
}

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** PORTOLAN_LOG_LEVEL, else info. Throws BadInputError. */
export function logLevel(read: ReadSetting): LogLevel {
  const text = read('PORTOLAN_LOG_LEVEL');
  if (text === null) return 'info';
  const level = logLevels.find((known) => known === text.toLowerCase());
  if (level) return level;
  throw unusableSetting('PORTOLAN_LOG_LEVEL', `"${text}" is not a level`, `Give one of ${logLevels.join(', ')}.`);
}

/** `problem` says what is wrong with the value, `next` what it may be. */
export function unusableSetting(variable: string, problem: string, next: string): BadInputError {
  return new BadInputError(`The environment variable ${variable} cannot be used: ${problem}. ${next}`, { next });
}
