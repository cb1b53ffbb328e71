import test from 'ava';
import { readSources } from '../helpers/sources.js';

const sources = new Map(readSources(['ui', 'sdk', 'lib']).map((source) => [`/${source.path}`, source]));

/** Files and packages that are loaded with `entries`, themselves included. */
function reachedFrom(entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const walk = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { target, isTypeOnly } of sources.get(path)?.imports ?? []) if (!isTypeOnly) walk(target);
  };
  entries.forEach(walk);
  return reached;
}

test('what a browser loads of the SDK imports nothing of Node', (t) => {
  const names = ['client', 'graph-client', 'follow-changes', 'graph-error', 'pages', 'resource-client'];
  const entries = names.map((name) => `/sdk/${name}.ts`);
  for (const entry of entries) t.true(sources.has(entry), entry);
  const packages = [...reachedFrom(entries)].filter((target) => !target.startsWith('/')).sort();
  t.deepEqual(packages, ['graphql', 'graphql-ws']);
});

test('the page imports nothing of Node, and of the SDK what browsers can load', (t) => {
  const reached = reachedFrom(['/ui/main.tsx']);
  t.true(reached.has('/ui/chart/layout.ts') && reached.has('/sdk/graph-client.ts'));
  t.deepEqual(
    [...reached].filter((target) => /^(node:|ws$)/.test(target)),
    [],
  );
});
