import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generate, loadContext } from '@graphql-codegen/cli';
import { builtInKinds } from '../schema/kinds/built-in.js';
import { emittedFiles } from './emitted-files.js';

/**
 * Emits schema/schema.graphql and schema/json/ from the classes and kinds, then generates the SDK from the schema.
 * Files that would stay the same are not touched. With --check nothing is written: exit code 1 when a file is not as generated.
 */
const root = path.resolve(import.meta.dirname, '..', '..');
const isCheck = process.argv.includes('--check');
process.chdir(root);

const stale = [...emittedFiles(builtInKinds)].filter(([name, text]) => isStale(name, text));
for (const [name, text] of stale) write(name, text);

const context = await loadContext('codegen.yml');
context.updateConfig({ silent: true });
const generated = (await generate(context, false)) as readonly {
  readonly filename: string;
  readonly content: string;
}[];
for (const { filename, content } of generated) {
  const name = path.relative(root, filename);
  if (!isStale(name, content)) continue;
  stale.push([name, content]);
  write(name, content);
}

if (isCheck && stale.length > 0) process.exitCode = 1;
if (stale.length === 0) console.log('All generated files are fresh.');

function write(name: string, text: string): void {
  if (isCheck) {
    console.error(`${name} is not as it would be generated.`);
    return;
  }
  mkdirSync(path.dirname(name), { recursive: true });
  writeFileSync(name, text);
  console.log(`Wrote ${name}.`);
}

function isStale(name: string, text: string): boolean {
  try {
    return readFileSync(name, 'utf8') !== text;
  } catch {
    return true;
  }
}
