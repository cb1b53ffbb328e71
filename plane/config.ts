import { readServerConfig, type ServerConfig } from '../server/config.js';

/** What the all in one is told from outside. Parsed once, at start. */
export interface PlaneConfig {
  /** Of the server in it. Its log level is warn unless PORTOLAN_LOG_LEVEL is set, for a person looks on. */
  readonly server: ServerConfig;
}

/** The variables that are read. Any other one is ignored. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the configuration. Throws BadInputError that names the variable, what is wrong with it and what it may be. */
export function readPlaneConfig(environment: Environment = process.env): PlaneConfig {
  const server = readServerConfig(environment);
  const hasLevel = Boolean(environment.PORTOLAN_LOG_LEVEL?.trim());
  return { server: hasLevel ? server : { ...server, logLevel: 'warn' } };
}
