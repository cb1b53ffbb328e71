import { readFileSync } from 'node:fs';
import test from 'ava';
import { tools } from '../scripts/tools/catalog.js';
import { variableOf } from '../scripts/tools/config.js';
import { readSources } from './helpers/sources.js';

/** Those of every system, which no page of ours has to explain. */
const ofTheSystem = new Set(['HOME', 'PATH']);

test('docs/operating.md names every variable that is read, and no other', (t) => {
  t.deepEqual(documented(), read());
});

/** By the form in which config files, and what they share, ask for a variable. */
function read(): readonly string[] {
  const rooms = ['lib', 'server', 'controllers', 'plane', 'cli', 'scripts', 'bench', 'sim', 'crash'];
  const configs = readSources(rooms).filter(({ path }) => /(^|\/)config\.ts$|^lib\/node\//.test(path));
  return sorted(
    configs.flatMap(({ text }) =>
      [...text.matchAll(/\b(?:read|set)\('([A-Z_]+)'\)|\benvironment\.([A-Z_]+)\b/g)].map(
        ([, called, member]) => called ?? member ?? '',
      ),
    ),
  );
}

/** What stands in code quotes in its first part. Variables that name the program of a tool are told by one example. */
function documented(): readonly string[] {
  const section = /^## Settings\n([\s\S]*?)^## /m.exec(readFileSync('docs/operating.md', 'utf8'))?.[1] ?? '';
  const ofTools = new Set(tools.map(({ name }) => variableOf(name)));
  const names = [...section.matchAll(/`([^`]*)`/g)].flatMap(
    ([, code = '']) => code.match(/\b[A-Z][A-Z_]*[A-Z]\b/g) ?? [],
  );
  return sorted(names.filter((name) => !ofTools.has(name)));
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => !ofTheSystem.has(name)).sort();
}
