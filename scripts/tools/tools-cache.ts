import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Tool, ToolName } from './tool.js';

/*
 * One folder per tool and version: NAME-VERSION/NAME, and manifest.json with its size, SHA-256 and origin.
 * A folder comes into being whole, by a rename, and never changes, so readers need no lock. A tool without a manifest,
 * or of another size than it says, is not there. Names that begin with a dot are work in progress or waste.
 */

const manifestName = 'manifest.json';

interface Manifest {
  readonly version: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly origin: string;
}

export interface CachedTool {
  readonly version: string;
  readonly path: string;
  readonly origin: string;
}

/** The cached tool, or null. Looks at the size only; {@link removeDamaged} looks at every byte. */
export function readCached(cacheFolder: string, tool: Tool): CachedTool | null {
  if (tool.version === null) return null;
  const folder = folderOf(cacheFolder, tool.name, tool.version);
  const path = join(folder, tool.name);
  try {
    const manifest = parseManifest(readFileSync(join(folder, manifestName), 'utf8'));
    if (statSync(path).size !== manifest.sizeBytes) return null;
    return { version: manifest.version, path, origin: manifest.origin };
  } catch {
    // Any of both is not there or not readable: as good as absent, for it is then made again.
    return null;
  }
}

/** Removes a cached tool whose bytes are not those that were put there. Answers whether it did. */
export async function removeDamaged(cacheFolder: string, tool: Tool): Promise<boolean> {
  if (tool.version === null || readCached(cacheFolder, tool) === null) return false;
  const folder = folderOf(cacheFolder, tool.name, tool.version);
  const manifest = parseManifest(readFileSync(join(folder, manifestName), 'utf8'));
  if ((await sha256OfFile(join(folder, tool.name))) === manifest.sha256) return false;
  await discard(cacheFolder, folder);
  return true;
}

/** Moves `file`, which must be on the cache's own file system, into the cache. */
export async function placeInCache(cacheFolder: string, tool: Tool, file: string, origin: string): Promise<void> {
  if (tool.version === null) throw new Error(`${tool.name} has no version of ours, so it cannot be cached`);
  const draft = join(cacheFolder, `.draft-${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  await chmod(file, 0o755);
  const manifest: Manifest = {
    version: tool.version,
    sizeBytes: (await stat(file)).size,
    sha256: await sha256OfFile(file),
    origin,
  };
  await rename(file, join(draft, tool.name));
  await writeFile(join(draft, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);

  const folder = folderOf(cacheFolder, tool.name, tool.version);
  await discard(cacheFolder, folder);
  await rename(draft, folder);
}

/** A new folder for one recipe's downloads and builds. Under the recipe's lock, older ones of it are waste. */
export async function createWorkFolder(cacheFolder: string, recipe: string): Promise<string> {
  const prefix = `.work-${recipe}-`;
  for (const name of await readdir(cacheFolder)) {
    if (name.startsWith(prefix)) await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
  const folder = join(cacheFolder, `${prefix}${randomUUID()}`);
  await mkdir(folder);
  return folder;
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function folderOf(cacheFolder: string, name: ToolName, version: string): string {
  return join(cacheFolder, `${name}-${version}`);
}

/** Out of the readers' sight at once, then gone. */
async function discard(cacheFolder: string, folder: string): Promise<void> {
  const waste = join(cacheFolder, `.waste-${basename(folder)}-${randomUUID()}`);
  try {
    await rename(folder, waste);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(waste, { recursive: true, force: true });
}

function parseManifest(text: string): Manifest {
  return JSON.parse(text) as Manifest;
}
