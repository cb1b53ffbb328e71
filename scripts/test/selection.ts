import { globSync, readFileSync } from 'node:fs';

/** Which test files a run means. */
export interface Selection {
  /** Source files: `test/model/expand.test.ts`. */
  readonly sources: readonly string[];
  /** What ava is called with. */
  readonly avaArgs: readonly string[];
}

/**
 * Test files may be given as sources, as compiled files, as globs of either, or as a folder of either; everything else
 * goes to ava as it is.
 * Without any, it is every file that has a source: dist/ may still hold tests that are gone.
 */
export function selectTests(args: readonly string[], allSources: readonly string[]): Selection {
  const isFolder = (arg: string) => sourcesBelow(arg, allSources).length > 0;
  const isBelowTests = (arg: string) => toSource(arg).startsWith('test/');
  const isFile = (arg: string) =>
    !arg.startsWith('-') && (/\.test\.[jt]s$/.test(arg) || isBelowTests(arg) || isFolder(arg));
  const named = args.filter(isFile).map(toSource);
  const sources = named.length > 0 ? named.flatMap((pattern) => expand(pattern, allSources)) : allSources;
  return { sources, avaArgs: [...args.filter((arg) => !isFile(arg)), ...sources.map(toCompiled)] };
}

/** Every test of the tree below the working folder. */
export function listTestSources(): readonly string[] {
  return globSync('test/**/*.test.ts').sort();
}

export function readTestSources(selection: Selection): readonly string[] {
  return selection.sources.flatMap((path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // ava says that there is no such file.
      return [];
    }
  });
}

function sourcesBelow(folder: string, allSources: readonly string[]): readonly string[] {
  const prefix = `${toSource(folder).replace(/\/$/, '')}/`;
  return allSources.filter((source) => source.startsWith(prefix));
}

function expand(pattern: string, allSources: readonly string[]): readonly string[] {
  const below = sourcesBelow(pattern, allSources);
  if (below.length > 0) return below;
  const matches = allSources.filter((source) => source === pattern);
  const found =
    matches.length > 0
      ? matches
      : globSync(pattern)
          .filter((path) => path.endsWith('.test.ts'))
          .sort();
  return found.length > 0 ? found : [pattern];
}

function toSource(path: string): string {
  return path
    .replace(/^\.\//, '')
    .replace(/^dist\//, '')
    .replace(/\.js$/, '.ts');
}

function toCompiled(path: string): string {
  return `dist/${path.replace(/\.ts$/, '.js')}`;
}
