import { lexicographicSortSchema, printSchema } from 'graphql';
import type { KindRegistry } from '../lib/kind.js';
import { kebabCase } from '../lib/names.js';
import { buildGraph } from '../resolvers/build-graph.js';
import { fileSchema } from '../schema/json.js';

/** What is generated from kinds and classes: text by path from the repository's root. */
export function emittedFiles(registry: KindRegistry): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const sdl = printSchema(lexicographicSortSchema(buildGraph({ registry })));
  files.set('schema/schema.graphql', `${NOTE}\n\n${sdl}\n`);
  for (const kind of registry.kinds.filter(({ madeBy }) => madeBy === 'user')) {
    files.set(`schema/json/${kebabCase(kind.name)}.schema.json`, `${JSON.stringify(fileSchema(kind), null, 2)}\n`);
  }
  return files;
}

const NOTE = '# Emitted from schema/ and resolvers/ by `npm run codegen`. Do not edit.';
