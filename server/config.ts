import { type FailpointSetting, readFailpoint } from '../lib/node/failpoint.js';
import {
  dataFolder,
  type Environment,
  type LogLevel,
  logLevel,
  settingsOf,
  unusableSetting,
} from '../lib/node/settings.js';

/** What a plane's server is told from outside. Parsed once, at start. */
export interface ServerConfig {
  /** Data folder: embedded database, keys, tokens, plane.json. PORTOLAN_HOME, else $XDG_DATA_HOME/portolan, else ~/.local/share/portolan. */
  readonly home: string;
  /** Address to bind. PORTOLAN_HOST, else 127.0.0.1: this machine alone. */
  readonly host: string;
  /** PORTOLAN_PORT, else 7420. 0: any free one. When it is taken, the next free one is used and printed. */
  readonly port: number;
  /** DATABASE_URL of a Postgres 15 or newer. null: the embedded one, in the data folder. */
  readonly databaseUrl: string | null;
  /** REDIS_URL of a Redis that carries messages between servers. null: NOTIFY does. */
  readonly redisUrl: string | null;
  /** PORTOLAN_ENCRYPTION_KEY: 32 bytes as base64. null: the file encryption.key in the data folder. */
  readonly encryptionKey: Buffer | null;
  /** PORTOLAN_ALLOWED_ORIGINS: origins of other pages that may use the graph, comma-separated: `https://ui.example.com`. */
  readonly allowedOrigins: readonly string[];
  /** PORTOLAN_ALLOWED_HOSTS: names, without port, under which the server is reached besides loopback, comma-separated. */
  readonly allowedHosts: readonly string[];
  /** PORTOLAN_LOG_LEVEL, else info. */
  readonly logLevel: LogLevel;
  /** PORTOLAN_FAILPOINT: what goes wrong in this process, and when. For tests. */
  readonly failpoint: FailpointSetting | null;
}

/** Reads the configuration. Throws BadInputError that names the variable, what is wrong with it and what it may be. */
export function readServerConfig(environment: Environment = process.env): ServerConfig {
  const read = settingsOf(environment);
  return {
    home: dataFolder(read),
    host: read('PORTOLAN_HOST') ?? '127.0.0.1',
    port: parsePort(read('PORTOLAN_PORT')),
    databaseUrl: parseDatabaseUrl(read('DATABASE_URL')),
    redisUrl: parseRedisUrl(read('REDIS_URL')),
    encryptionKey: parseKey(read('PORTOLAN_ENCRYPTION_KEY')),
    allowedOrigins: parseList(read('PORTOLAN_ALLOWED_ORIGINS')).map(parseOrigin),
    allowedHosts: parseList(read('PORTOLAN_ALLOWED_HOSTS')).map(parseHost),
    logLevel: logLevel(read),
    failpoint: readFailpoint(read),
  };
}

/** The data folder alone, for what has to know it before the rest is loaded. */
export function readHome(environment: Environment = process.env): string {
  return dataFolder(settingsOf(environment));
}

const DEFAULT_PORT = 7420;

function parsePort(text: string | null): number {
  if (text === null) return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw unusableSetting(
    'PORTOLAN_PORT',
    `"${text}" is not a port`,
    'Give a number from 0 to 65535; 0 takes any free one.',
  );
}

function parseDatabaseUrl(text: string | null): string | null {
  if (text === null) return null;
  const protocol = URL.canParse(text) ? new URL(text).protocol : null;
  if (protocol === 'postgres:' || protocol === 'postgresql:') return text;
  // The value itself is not repeated: it may hold a password.
  throw unusableSetting(
    'DATABASE_URL',
    'it is not the address of a Postgres',
    'It looks like postgres://user:password@host:5432/name.',
  );
}

function parseRedisUrl(text: string | null): string | null {
  if (text === null) return null;
  const protocol = URL.canParse(text) ? new URL(text).protocol : null;
  if (protocol === 'redis:' || protocol === 'rediss:') return text;
  throw unusableSetting(
    'REDIS_URL',
    'it is not the address of a Redis',
    'It looks like redis://user:password@host:6379, or rediss:// for TLS.',
  );
}

function parseKey(text: string | null): Buffer | null {
  if (text === null) return null;
  const key = Buffer.from(text, 'base64');
  if (key.length === 32 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return key;
  throw unusableSetting(
    'PORTOLAN_ENCRYPTION_KEY',
    'it is not 32 bytes in base64',
    'Make one with: openssl rand -base64 32',
  );
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.origin === text.toLowerCase())
    return url.origin;
  throw unusableSetting(
    'PORTOLAN_ALLOWED_ORIGINS',
    `"${text}" is not an origin`,
    'Give scheme, host and port alone: https://ui.example.com.',
  );
}

function parseHost(text: string): string {
  if (/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/i.test(text)) return text.toLowerCase();
  throw unusableSetting(
    'PORTOLAN_ALLOWED_HOSTS',
    `"${text}" is not a host name`,
    'Give names without scheme and port: portolan.example.com.',
  );
}

const parseList = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
