import type { Module } from 'node:module';

/** The text of files of a bundle as functions, by name: `./run-1234.cjs`. */
export type BundledFiles = Readonly<
  Record<
    string,
    (exports: unknown, require: (id: string) => unknown, module: object, path: string, folder: string) => void
  >
>;

/**
 * What runs in the process that a snapshot of the server is made of, and in each that starts from it. It goes there as
 * text, so it refers to nothing but its parameters and what Node has everywhere.
 *
 * First the files are loaded and preload() runs; what Node has beside files and paths cannot be in a snapshot, so it comes
 * when it is used, and using it so early is refused, as are the clock and chance. Then, in a process that starts from the
 * snapshot, those files are known to Node as loaded, and the rest of the bundle is loaded as always.
 */
export function startOfSnapshot(files: BundledFiles, requireBuiltIn: NodeJS.Require, folder: string): void {
  const { startupSnapshot } = requireBuiltIn('node:v8') as typeof import('node:v8');
  const { join } = requireBuiltIn('node:path') as typeof import('node:path');
  const loaded = new Map<string, { exports: unknown }>();
  let requireLater: NodeJS.Require | null = null;

  const refuse = (what: string) => () => {
    throw new Error(`What a snapshot holds may not use ${what} while it loads.`);
  };
  const late = (id: string): object => {
    const actual = () => (requireLater ? (process.getBuiltinModule(id) as object) : refuse(id)());
    return new Proxy(
      {},
      { get: (_target, key) => Reflect.get(actual(), key), ownKeys: () => Reflect.ownKeys(actual()) },
    );
  };
  const load = (id: string): unknown => {
    const known = loaded.get(id);
    if (known) return known.exports;
    if (requireLater) return requireLater(id);
    const run = files[id];
    if (!run) return ['node:fs', 'node:fs/promises', 'node:path'].includes(id) ? requireBuiltIn(id) : late(id);
    const module: { exports: unknown } = { exports: {} };
    loaded.set(id, module);
    run.call(module.exports, module.exports, load, module, join(folder, id), folder);
    return module.exports;
  };

  const [{ random }, { now }] = [Math, Date];
  Math.random = refuse('chance');
  Date.now = refuse('the clock');
  (load('./preload.cjs') as typeof import('../server/preload.js')).preload();
  Math.random = random;
  Date.now = now;

  startupSnapshot.setDeserializeMainFunction(() => {
    // A trial, right after it was made: no program is named.
    if (process.argv.length < 2) return;
    const program = join(folder, 'start.cjs');
    requireLater = process.getBuiltinModule('node:module').createRequire(program);
    for (const [id, module] of loaded) {
      const filename = join(folder, id);
      requireLater.cache[filename] = Object.assign(module, { id: filename, filename, loaded: true }) as Module;
    }
    const { start } = requireLater(program) as typeof import('../server/start.js');
    void start('snapshot');
  });
}
