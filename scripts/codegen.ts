import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { generate, loadContext } from '@graphql-codegen/cli';

/**
 * Emits schema/schema.graphql from the classes and kinds, then generates the SDK from it.
 * Files are written only when they change; `npm run check` fails when they did.
 */
const root = path.resolve(import.meta.dirname, '..', '..');
const emitter = path.join(root, 'dist', 'scripts', 'emit-schema.js');

if (existsSync(emitter)) {
  const { status } = spawnSync(process.execPath, [emitter], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error('The schema could not be emitted, so the SDK was not generated. The lines above say why.');
    process.exit(1);
  }
}
process.chdir(root);
await generate(await loadContext('codegen.yml'), true);
