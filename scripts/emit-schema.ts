import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtInKinds } from '../schema/kinds/built-in.js';
import { emittedFiles } from './emitted-files.js';

/** Writes schema/schema.graphql and schema/json/. Files that would stay the same are not touched. */
const root = path.resolve(import.meta.dirname, '..', '..');

for (const [name, text] of emittedFiles(builtInKinds)) {
  const file = path.join(root, name);
  if (readIfThere(file) === text) continue;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`Wrote ${name}.`);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
