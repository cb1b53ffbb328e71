import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../lib/canonical.js';

interface ExampleComponent {
  readonly name: string;
  readonly type: string;
  readonly files: readonly string[];
}

/** The components of an example, with the objects of its files in place, as the CLI sends them. */
export async function readExample(name: string): Promise<readonly object[]> {
  const file = join('examples', name, 'app.yaml');
  const [app] = parseAllDocuments(await readFile(file, 'utf8'));
  const { components } = (app?.toJS() as { spec: { components: readonly ExampleComponent[] } }).spec;
  return Promise.all(
    components.map(async ({ files, ...component }) => {
      const texts = await Promise.all(files.map((path) => readFile(join(dirname(file), path), 'utf8')));
      const objects = texts.flatMap((text) => parseAllDocuments(text).map((part) => part.toJS() as JsonObject));
      return { ...component, objects };
    }),
  );
}
