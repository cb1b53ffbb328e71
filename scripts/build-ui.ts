import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { digestOf } from './digest-of.js';

/**
 * Builds the page: ui/ with what it loads of sdk/ and lib/ becomes dist/ui/page/, each file with a compressed one beside
 * it. Part of every build, so nothing is done when all that goes in is as it was.
 */
const root = resolve(import.meta.dirname, '..', '..');
const page = join(root, 'dist', 'ui', 'page');
const digestFile = join(root, 'dist', 'ui', 'page.digest');

const digest = digestOf(root, inputs());
// A page that was removed by hand is built again.
if (read(digestFile) !== digest || read(join(page, 'index.html')) === null) {
  checkTypes();
  await buildPage();
  mkdirSync(dirname(digestFile), { recursive: true });
  // Last, so that a build that was cut off is made again.
  writeFileSync(digestFile, digest);
}

function inputs(): readonly string[] {
  const sources = globSync(['ui/**/*.*', 'sdk/*.ts', 'sdk/generated/*.ts', 'lib/*.ts'], { cwd: root });
  return [...sources, 'scripts/build-ui.ts'].sort();
}

/** Vite only takes types away. */
function checkTypes(): void {
  const { status, error } = spawnSync('tsc', ['-p', join(root, 'ui', 'tsconfig.json')], {
    stdio: 'inherit',
    shell: platform() === 'win32',
  });
  if (error) throw new Error('tsc could not be started. Run it through npm run build.', { cause: error });
  if (status !== 0) process.exit(1);
}

async function buildPage(): Promise<void> {
  // Takes a moment to load, which a build that has nothing to do need not wait for.
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  await build({
    root: join(root, 'ui'),
    base: '/ui/',
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir: page,
      emptyOutDir: true,
      target: 'es2023',
      // The page's policy allows no data: addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // Layout alone, in a worker of its own, is 1.6 MB.
      chunkSizeWarningLimit: 2_000,
      // On a busy machine it would warn at random.
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  });
  for (const path of globSync('**/*.{html,js,css,svg}', { cwd: page })) {
    writeFileSync(join(page, `${path}.gz`), gzipSync(readFileSync(join(page, path))));
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
