import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInputError } from '../lib/errors.js';
import { type FailpointSetting, readFailpoint } from '../lib/node/failpoint.js';
import {
  dataFolder,
  type Environment,
  type LogLevel,
  logLevel,
  type ReadSetting,
  settingsOf,
  unusableSetting,
} from '../lib/node/settings.js';

/** What the controller process is told from outside. Parsed once, at start. */
export interface ControllersConfig {
  /** PORTOLAN_URL: address of the server. Required. */
  readonly url: string;
  /** PORTOLAN_TOKEN, else the text of the file PORTOLAN_TOKEN_FILE, else controller.token in the data folder. */
  readonly token: string;
  /** PORTOLAN_SANDBOX_SOCKET: where the sandbox listens. null: this process serves no sandbox runtime. */
  readonly sandboxSocketPath: string | null;
  /**
   * PORTOLAN_HOLDER: who holds the leases. Must be unique among the processes that run, and may be the same after a
   * restart: then leases go on at once instead of after they expired. null: a new one at each start.
   */
  readonly holder: string | null;
  /** PORTOLAN_RESYNC_MS: how often all is listed, and what changed unheard is looked at. null: the default. */
  readonly resyncMs: number | null;
  /** PORTOLAN_LEASE_TTL_MS: how long after a sudden death of this process another takes over. null: the default. */
  readonly leaseTtlMs: number | null;
  /** PORTOLAN_METRICS_PORT: where /metrics and /healthz are served. null: nowhere. */
  readonly metricsPort: number | null;
  /** PORTOLAN_METRICS_HOST: address to bind for them, else 127.0.0.1: this machine alone. */
  readonly metricsHost: string;
  /** PORTOLAN_FAILPOINT: what goes wrong in this process, and when. For tests. */
  readonly failpoint: FailpointSetting | null;
  /** PORTOLAN_LOG_LEVEL, else info. */
  readonly logLevel: LogLevel;
}

/** Reads the configuration. Throws BadInputError that names the variable, what is wrong with it and what it may be. */
export function readControllersConfig(environment: Environment = process.env): ControllersConfig {
  const read = settingsOf(environment);
  return {
    url: parseUrl(read('PORTOLAN_URL')),
    token: readToken(read),
    sandboxSocketPath: read('PORTOLAN_SANDBOX_SOCKET'),
    holder: read('PORTOLAN_HOLDER'),
    resyncMs: parseCount('PORTOLAN_RESYNC_MS', read('PORTOLAN_RESYNC_MS')),
    leaseTtlMs: parseCount('PORTOLAN_LEASE_TTL_MS', read('PORTOLAN_LEASE_TTL_MS')),
    metricsPort: parsePort(read('PORTOLAN_METRICS_PORT')),
    metricsHost: read('PORTOLAN_METRICS_HOST') ?? '127.0.0.1',
    failpoint: readFailpoint(read),
    logLevel: logLevel(read),
  };
}

/** The data folder alone, for what has to know it before the rest is loaded. */
export function readHome(environment: Environment = process.env): string {
  return dataFolder(settingsOf(environment));
}

function parseUrl(text: string | null): string {
  const protocol = text !== null && URL.canParse(text) ? new URL(text).protocol : null;
  if (text !== null && (protocol === 'http:' || protocol === 'https:')) return text;
  throw unusableSetting(
    'PORTOLAN_URL',
    text === null ? 'it is not set' : `"${text}" is not the address of a server`,
    'Give the address that the server printed at its start: http://127.0.0.1:7420.',
  );
}

function readToken(read: ReadSetting): string {
  const token = read('PORTOLAN_TOKEN');
  if (token !== null) return token;
  const file = read('PORTOLAN_TOKEN_FILE') ?? join(dataFolder(read), 'controller.token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new BadInputError(
      `No token to log in with: the file ${file} cannot be read. Set PORTOLAN_TOKEN, or PORTOLAN_TOKEN_FILE to the controller.token that the server made in its data folder.`,
      {},
      { cause },
    );
  }
}

function parsePort(text: string | null): number | null {
  if (text === null) return null;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw unusableSetting('PORTOLAN_METRICS_PORT', `"${text}" is not a port`, 'Give a number from 1 to 65535.');
}

function parseCount(variable: string, text: string | null): number | null {
  if (text === null) return null;
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw unusableSetting(variable, `"${text}" is not a number of milliseconds`, 'Give a whole number above 0.');
}
