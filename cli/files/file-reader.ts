import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { nearest } from '../../lib/nearest.js';
import { refuseProblems } from './problem.js';

export interface ReadText {
  /** How to call it in messages: relative to the working folder where it lies in it. */
  readonly name: string;
  readonly text: string;
}

/** Reads the files that a path stands for. Throws FileProblemsError, without a line, when there are none. */
export interface FileReader {
  /** `pattern`: a file, a folder (its YAML and JSON files) or a glob, relative to the folder of `from`, which is a file. */
  read(pattern: string, from: string): Promise<readonly ReadText[]>;
}

/** What documents from standard input are called; their paths are relative to the working folder. */
export const standardInput = 'standard input';

export function createFileReader(workingFolder: string): FileReader {
  const nameOf = (path: string) => {
    const name = relative(workingFolder, path);
    return name.startsWith('..') ? path : name;
  };
  return {
    async read(pattern, from) {
      const folder = from === standardInput ? workingFolder : dirname(resolve(workingFolder, from));
      const path = isAbsolute(pattern) ? pattern : join(folder, pattern);
      const found = await pathsOf(path, nameOf);
      return Promise.all(found.map(async (file) => ({ name: nameOf(file), text: await readText(file, nameOf(file)) })));
    },
  };
}

async function pathsOf(path: string, nameOf: (path: string) => string): Promise<readonly string[]> {
  const state = await stat(path).catch(() => null);
  if (state?.isFile()) return [path];
  if (state?.isDirectory()) {
    const names = (await readdir(path)).filter((name) => readable.has(extname(name))).sort();
    if (names.length === 0) refuse(nameOf(path), `the folder ${nameOf(path)} has no .yaml, .yml or .json file`);
    return names.map((name) => join(path, name));
  }
  if (/[*?[{]/.test(path)) {
    const matches: string[] = [];
    for await (const match of glob(path)) if (readable.has(extname(match))) matches.push(match);
    if (matches.length === 0) refuse(nameOf(path), `no .yaml, .yml or .json file matches ${nameOf(path)}`);
    return matches.sort();
  }
  const beside = await readdir(dirname(path)).catch(() => null);
  if (!beside)
    refuse(nameOf(path), `${nameOf(path)} is not there: the folder ${nameOf(dirname(path)) || '.'} does not exist`);
  const near = nearest(basename(path), beside ?? []);
  refuse(nameOf(path), `${nameOf(path)} is not there${near ? `; did you mean ${near}?` : ''}`);
  return [];
}

async function readText(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    refuse(name, `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return '';
  }
}

function refuse(file: string, message: string): void {
  refuseProblems(
    [{ file, line: null, column: null, message }],
    'Give the path of a file or a folder, a glob, or - for standard input.',
  );
}

const readable: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);
