import { type Environment, settingsOf } from '../lib/node/settings.js';
import { readServerConfig, type ServerConfig } from '../server/config.js';

/** What the all in one is told from outside. Parsed once, at start. */
export interface PlaneConfig {
  /** Of the server in it. Its log level is warn unless PORTOLAN_LOG_LEVEL is set, for a person looks on. */
  readonly server: ServerConfig;
}

/** Reads the configuration. Throws BadInputError that names the variable, what is wrong with it and what it may be. */
export function readPlaneConfig(environment: Environment = process.env): PlaneConfig {
  const server = readServerConfig(environment);
  const hasLevel = settingsOf(environment)('PORTOLAN_LOG_LEVEL') !== null;
  return { server: hasLevel ? server : { ...server, logLevel: 'warn' } };
}
