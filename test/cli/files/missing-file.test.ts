import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { describeError } from '../../../cli/error-text.js';
import { createFileReader, standardInput } from '../../../cli/files/file-reader.js';

const next = '  next: Nothing was changed. Give the path of a file or a folder, a glob, or - for standard input.';

const cases = [
  { path: 'ap.yaml', says: 'error: ap.yaml is not there; did you mean app.yaml?' },
  { path: 'other.json', says: 'error: other.json is not there.' },
  { path: 'none/app.yaml', says: 'error: none/app.yaml is not there: the folder none does not exist.' },
  { path: '*.json', says: 'error: no .yaml, .yml or .json file matches *.json.' },
];

for (const { path, says } of cases) {
  test(`-f ${path}, where there is only app.yaml, is refused in one sentence`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portolan-missing-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'app.yaml'), '');
    const error = await t.throwsAsync(createFileReader(folder).read(path, standardInput));
    t.deepEqual(describeError(error), [says, next]);
  });
}
