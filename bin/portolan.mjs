#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read too: it finds a Node that runs the rest.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED_MAJOR = 24;
const CANNOT_RUN = 2;

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const major = Number(process.versions.node.split('.')[0]);

if (major >= NEEDED_MAJOR) await run();
else passOn();

async function run() {
  const program = join(home, 'dist', 'cli', 'main.js');
  if (!existsSync(program)) build();
  const { main } = await import(pathToFileURL(program).href);
  await main();
}

/** Runs this file again with the Node that the package brings. */
function passOn() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const found = [join(home, 'node_modules', 'node', 'bin', name), join(home, '..', 'node', 'bin', name)].find((path) =>
    existsSync(path),
  );
  if (!found) {
    const next = existsSync(join(home, 'package-lock.json')) ? `Run npm ci in ${home}, which brings it` : 'Install it';
    fail(
      `Portolan needs Node ${NEEDED_MAJOR} or newer, and this is ${process.versions.node}.\n  next: ${next}, or see https://nodejs.org.`,
    );
  }
  const child = spawn(found, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; a signal that was sent to this process alone does not.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${found} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

function build() {
  if (!existsSync(join(home, 'tsconfig.json')))
    fail(`This package is not complete: ${join(home, 'dist')} is missing.\n  next: Install it again.`);
  if (!existsSync(join(home, 'node_modules', '.bin')))
    fail(`The packages that Portolan needs are not there.\n  next: npm ci in ${home}`);
  process.stderr.write('Building Portolan, once …\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: home,
    // The answer of the command alone belongs to standard output.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail('Portolan could not be built; what went wrong is above.\n  next: npm ci, then npm run build');
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(CANNOT_RUN);
}
