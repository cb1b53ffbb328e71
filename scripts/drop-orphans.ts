import { existsSync, globSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The end of every build. tsc never takes back what it compiled once: without this, a file that is gone would still be
 * found, run and tested. Of a project elsewhere when its folder is given. The page in dist/ui/page/ and the
 * bundles in dist/server/bundle/ and dist/controllers/bundle/ are not tsc's.
 */
const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..', '..'));
const orphans = globSync('**/*.{js,js.map}', {
  cwd: join(root, 'dist'),
  exclude: ['ui/page/**', '{server,controllers}/bundle/**'],
}).filter((path) => !existsSync(join(root, path.replace(/\.js(\.map)?$/, '.ts'))));
for (const path of orphans) rmSync(join(root, 'dist', path));
if (orphans.length > 0) console.error(`Dropped ${orphans.length} compiled files whose sources are gone.`);
