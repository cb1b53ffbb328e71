import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { getTool, toolsOfGroup } from './catalog.js';
import { readToolsConfig, type ToolsConfig, variableOf } from './config.js';
import type { Tool, ToolFound, ToolGroup, ToolMissing, ToolName } from './tool.js';
import { readCached } from './tools-cache.js';
import { isVersionWithin, parseVersion } from './version.js';

/** A program that hangs when asked for its version is not one we want. */
const versionTimeoutMs = 10_000;

/** Where a tool is, without getting it: reads only. */
export async function findTool(
  name: ToolName,
  config: ToolsConfig = readToolsConfig(),
): Promise<ToolFound | ToolMissing> {
  return findToolSync(name, config);
}

/** {@link findTool} for test files, which have to declare their tests before they may wait. */
export function findToolSync(name: ToolName, config: ToolsConfig = readToolsConfig()): ToolFound | ToolMissing {
  const tool = getTool(name);
  const explicit = config.explicitPath(name);
  if (explicit !== null) return findExplicit(tool, explicit);
  return findOnPath(tool, config.searchFolders) ?? findInCache(tool, config.cacheFolder) ?? notHere(tool);
}

/** Those tools of a group that are not here, each with the reason. Empty when the group can be used. */
export function findMissingTools(group: ToolGroup, config: ToolsConfig = readToolsConfig()): readonly ToolMissing[] {
  return toolsOfGroup(group)
    .map((tool) => findToolSync(tool.name, config))
    .filter((lookup) => !lookup.found);
}

/** Whoever names a program means that one: if it does not serve, falling back would hide the mistake. */
function findExplicit(tool: Tool, path: string): ToolFound | ToolMissing {
  const variable = variableOf(tool.name);
  const missing = (reason: string): ToolMissing => ({ found: false, name: tool.name, reason: `${variable} ${reason}` });
  if (!isExecutable(path)) return missing(`names ${path}, which is not an executable file`);

  const version = readVersion(tool, path);
  if (version === null) return missing(`names ${path}, which does not tell its version`);
  if (!fits(tool, version)) return missing(`names ${path}, version ${version}: ${wanted(tool)} is needed`);
  return { found: true, name: tool.name, version, path, origin: variable };
}

function findOnPath(tool: Tool, folders: readonly string[]): ToolFound | null {
  for (const command of tool.commands) {
    for (const folder of folders) {
      const path = join(folder, command);
      if (!isExecutable(path)) continue;
      const version = readVersion(tool, path);
      if (version !== null && fits(tool, version)) {
        return { found: true, name: tool.name, version, path, origin: `PATH (${path})` };
      }
    }
  }
  return null;
}

function findInCache(tool: Tool, cacheFolder: string): ToolFound | null {
  const cached = readCached(cacheFolder, tool);
  if (!cached) return null;
  const { version, path, origin } = cached;
  return { found: true, name: tool.name, version, path, origin: `tools cache (${origin})` };
}

function notHere(tool: Tool): ToolMissing {
  const place = tool.version === null ? 'on the PATH' : 'on the PATH or in the tools cache';
  return { found: false, name: tool.name, reason: `${tool.name} ${wanted(tool)} is not ${place}` };
}

function wanted(tool: Tool): string {
  return `from ${tool.atLeast} and below ${tool.below}`;
}

function fits(tool: Tool, version: string): boolean {
  return isVersionWithin(version, tool.atLeast, tool.below);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function readVersion(tool: Tool, path: string): string | null {
  const { stdout, status } = spawnSync(path, tool.versionArgs, { encoding: 'utf8', timeout: versionTimeoutMs });
  return status === 0 ? parseVersion(stdout) : null;
}
