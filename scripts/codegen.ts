import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { generate, loadContext } from '@graphql-codegen/cli';

/**
 * Emits schema/schema.graphql and schema/json/ from classes and kinds, then generates the SDK from them.
 * `--check` fails, naming the files, when any of them was not what it is now.
 */
const root = path.resolve(import.meta.dirname, '..', '..');
process.chdir(root);
const before = readGenerated();

const emitter = path.join(root, 'dist', 'scripts', 'emit-schema.js');
const { status } = spawnSync(process.execPath, [emitter], { stdio: 'inherit' });
if (status !== 0) {
  console.error('The schema could not be emitted, so the SDK was not generated. The lines above say why.');
  process.exit(1);
}
await generate(await loadContext('codegen.yml'), true);

if (process.argv.includes('--check')) {
  const after = readGenerated();
  const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  );
  if (stale.length > 0) {
    console.error(`These were not what their sources say, and are now: ${stale.join(', ')}. Commit them.`);
    process.exit(1);
  }
}

function readGenerated(): ReadonlyMap<string, string> {
  const files = ['schema/schema.graphql', ...globSync('schema/json/*.json'), ...globSync('sdk/generated/*')];
  return new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
}
