import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const script = fileURLToPath(new URL('../../scripts/drop-orphans.js', import.meta.url));

test('a build drops what was compiled of sources that are gone, and nothing else', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'portolan-orphans-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  const kept = ['model/kept.ts', 'dist/model/kept.js', 'dist/model/kept.js.map', 'dist/.tsbuildinfo', 'script.js'];
  for (const path of [...kept, 'dist/model/gone.js', 'dist/model/gone.js.map', 'dist/old/gone.js']) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  execFileSync(process.execPath, [script, root]);
  t.deepEqual(
    kept.filter((path) => existsSync(join(root, path))),
    kept,
  );
  t.deepEqual(globSync('dist/**/gone*', { cwd: root }), []);
});
