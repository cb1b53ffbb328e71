import test from 'ava';
import { readSources } from '../helpers/sources.js';

test('what a browser loads of the SDK imports nothing of Node', (t) => {
  const sources = new Map(readSources(['sdk', 'lib']).map((source) => [`/${source.path}`, source]));
  const reached = new Set<string>();
  const walk = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { target, isTypeOnly } of sources.get(path)?.imports ?? []) if (!isTypeOnly) walk(target);
  };
  for (const entry of ['client', 'graph-client', 'follow-changes', 'graph-error', 'pages', 'resource-client']) {
    t.true(sources.has(`/sdk/${entry}.ts`), entry);
    walk(`/sdk/${entry}.ts`);
  }
  const packages = [...reached].filter((target) => !target.startsWith('/')).sort();
  t.deepEqual(packages, ['graphql', 'graphql-ws']);
});
