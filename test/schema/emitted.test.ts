import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { emittedFiles } from '../../scripts/emitted-files.js';

test('the emitted schema and JSON Schemas are those of the kinds and classes', (t) => {
  const emitted = emittedFiles(builtInKinds);
  for (const [path, text] of emitted) {
    t.true(
      readFileSync(path, 'utf8') === text,
      `${path} is out of date. Run npm run codegen, and commit what it writes.`,
    );
  }
  const known = [...emitted.keys()].filter((path) => path.startsWith('schema/json/'));
  t.deepEqual(
    readdirSync('schema/json')
      .map((name) => `schema/json/${name}`)
      .sort(),
    [...known].sort(),
  );
});
