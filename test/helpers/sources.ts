import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Source {
  /** From the project's root, with slashes: `db/store.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

export interface Import {
  /** `/db/store.ts` for a file of ours, the bare name for a package. */
  readonly target: string;
  readonly isTypeOnly: boolean;
}

/** The hand-written TypeScript below the given folders of the project. Tests run from its root. */
export function readSources(folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { exclude: ['**/node_modules'] }))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('/generated/') && !path.endsWith('.d.ts'))
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      return { path, text, lines: text.split('\n').length, imports: importsOf(path, text) };
    });
}

const statement =
  /^(?:import|export)\s+(type\s+)?(\{[^}]*\}|[^'"]*?)\s*from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

function importsOf(path: string, text: string): readonly Import[] {
  return [...text.matchAll(statement)].map(([, type, names, from, bare, lazy]) => ({
    target: resolve(path, from ?? bare ?? lazy ?? ''),
    isTypeOnly: type !== undefined || isAllTypes(names),
  }));
}

/** `{ type A, type B }`. */
function isAllTypes(names: string | undefined): boolean {
  const inner = /^\{([^}]*)\}$/.exec(names ?? '')?.[1];
  return inner?.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type ')) ?? false;
}

function resolve(path: string, target: string): string {
  if (!target.startsWith('.')) return target;
  const file = normalize(join(dirname(path), target)).replaceAll('\\', '/');
  const source = file.replace(/\.js$/, '.ts');
  return `/${source !== file && existsSync(`${source}x`) ? `${source}x` : source}`;
}
