/*
 * The controllers as a process of their own: node dist/controllers/main.js. Runs the bundle where it was built, else what
 * that is made of, as the server does: see docs/adr/0023-a-start-loads-little.md.
 */

const program = `${import.meta.dirname}/bundle/start.cjs`;
const isBuilt = process.getBuiltinModule('node:fs').existsSync(program);
const { start }: typeof import('./start.js') = isBuilt
  ? process.getBuiltinModule('node:module').createRequire(import.meta.url)(program)
  : await import('./start.js');
await start(isBuilt ? 'bundle' : 'files');
