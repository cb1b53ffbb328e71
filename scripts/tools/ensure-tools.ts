import { mkdir, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../lib/errors.js';
import { getTool, recipes, tools } from './catalog.js';
import type { ToolsConfig } from './config.js';
import { downloadRelease } from './download-release.js';
import { findToolSync } from './find-tool.js';
import { buildWithGo } from './go-build.js';
import { withLock } from './lock-file.js';
import type { Progress } from './progress.js';
import { installSystemPackage } from './system-package.js';
import type { Platform, Recipe, ToolFound, ToolGroup, ToolMissing, ToolName } from './tool.js';
import { createWorkFolder, placeInCache, removeDamaged } from './tools-cache.js';

/**
 * Gets every tool of the groups that is not here yet. What cannot be had is an answer, not an error. Recipes run one
 * after the other, for each uses all cores; two processes never run the same one.
 */
export async function ensureTools(
  groups: readonly ToolGroup[],
  config: ToolsConfig,
  progress: Progress,
  from: readonly Recipe[] = recipes,
): Promise<readonly (ToolFound | ToolMissing)[]> {
  const wanted = tools.filter((tool) => groups.includes(tool.group));
  for (const tool of wanted) {
    if (await removeDamaged(config.cacheFolder, tool))
      progress.line(`${tool.name}: removed a damaged copy from the tools cache`);
  }

  const failures = new Map<ToolName, string>();
  for (const recipe of from) {
    const isMissing = (name: ToolName) => !findToolSync(name, config).found && config.explicitPath(name) === null;
    const missing = () => recipe.gives.filter((name) => wanted.some((tool) => tool.name === name) && isMissing(name));
    if (missing().length === 0) continue;
    const reason = await runRecipe(recipe, missing, config, progress);
    progress.end(recipe.name);
    for (const name of missing()) failures.set(name, reason);
  }
  return wanted.map(({ name }) => withReason(findToolSync(name, config), failures.get(name)));
}

/** Tries the ways of a recipe in order, under its lock. Answers why those that failed did. */
async function runRecipe(
  recipe: Recipe,
  missing: () => readonly ToolName[],
  config: ToolsConfig,
  progress: Progress,
): Promise<string> {
  const { cacheFolder } = config;
  await mkdir(cacheFolder, { recursive: true });
  const onWait = ({ pid }: { pid: number }) =>
    progress.step(recipe.name, `waiting for process ${pid}, which is getting it`);
  return withLock(join(cacheFolder, `.lock-${recipe.name}`), onWait, async () => {
    const folder = await createWorkFolder(cacheFolder, recipe.name);
    const reasons: string[] = [];
    try {
      for (const way of [download, build, install]) {
        // Another process may have got them while we waited.
        const names = missing();
        if (names.length === 0) break;
        await way({ recipe, names, folder, config, progress }).catch((error) => reasons.push(errorText(error)));
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return reasons.join('; ');
  });
}

interface Way {
  readonly recipe: Recipe;
  readonly names: readonly ToolName[];
  readonly folder: string;
  readonly config: ToolsConfig;
  readonly progress: Progress;
}

async function download({ recipe, names, folder, config, progress }: Way): Promise<void> {
  for (const name of names) {
    const release = recipe.release?.(name, goPlatform());
    if (!release) continue;
    // The first that fails ends it: the others come from the same site.
    const file = await downloadRelease({ subject: recipe.name, release, folder, progress });
    await placeInCache(config.cacheFolder, getTool(name), file, `downloaded from ${new URL(release.url).host}`);
  }
}

async function build({ recipe, names, folder, config, progress }: Way): Promise<void> {
  if (!recipe.goBuild) return;
  const moduleFolder = join(folder, 'module');
  await mkdir(moduleFolder);
  const request = { subject: recipe.name, build: recipe.goBuild, tools: names, folder: moduleFolder, progress };
  for (const [name, file] of await buildWithGo(request)) {
    await placeInCache(config.cacheFolder, getTool(name), file, 'built from Go modules');
  }
}

async function install({ recipe, progress }: Way): Promise<void> {
  if (recipe.systemPackage) await installSystemPackage(recipe.name, recipe.systemPackage, progress);
}

function goPlatform(): Platform {
  return { os: platform(), arch: arch() === 'x64' ? 'amd64' : arch() };
}

function withReason(lookup: ToolFound | ToolMissing, reason: string | undefined): ToolFound | ToolMissing {
  return lookup.found || !reason ? lookup : { ...lookup, reason };
}
