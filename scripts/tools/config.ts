import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type ToolGroup, type ToolName, toolGroups } from './tool.js';

/** What the environment says about tools. */
export interface ToolsConfig {
  /** Holds one folder per tool and version. */
  readonly cacheFolder: string;
  /** The folders of the PATH, in order. */
  readonly searchFolders: readonly string[];
  /** Groups whose absence is a failure, never a skip. */
  readonly required: ReadonlySet<ToolGroup>;
  /** A program that the user names by a variable, or null. */
  explicitPath(name: ToolName): string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function readToolsConfig(environment: Environment = process.env): ToolsConfig {
  const cacheHome = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  return {
    cacheFolder: join(cacheHome, 'portolan', 'tools'),
    searchFolders: (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    required: parseRequired(environment.PORTOLAN_REQUIRE ?? ''),
    explicitPath: (name) => environment[variableOf(name)] || null,
  };
}

/** The variable that names a tool's program: `PORTOLAN_KUBE_APISERVER`. */
export function variableOf(name: ToolName): string {
  return `PORTOLAN_${name.toUpperCase().replaceAll('-', '_')}`;
}

function parseRequired(list: string): ReadonlySet<ToolGroup> {
  const names = list.split(',').flatMap((name) => name.trim() || []);
  return new Set(names.map(parseGroup));
}

/** @throws Error when no group has this name. */
export function parseGroup(name: string): ToolGroup {
  const group = toolGroups.find((candidate) => candidate === name);
  if (!group) throw new Error(`'${name}' is not a group of tools. There are: ${toolGroups.join(', ')}`);
  return group;
}

/** The environment of a program that we start: ours, with `more`. */
export function childEnvironment(more: Environment): Environment {
  return { ...process.env, ...more };
}
