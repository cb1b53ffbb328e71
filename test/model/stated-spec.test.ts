import test from 'ava';
import type { JsonObject } from '../../lib/canonical.js';
import { mergeApply, stateAll } from '../../model/managers.js';
import { statedSpec } from '../../model/stated-spec.js';

const rows: readonly {
  readonly title: string;
  readonly spec: JsonObject;
  readonly managers: Readonly<Record<string, string>>;
  readonly expected: JsonObject;
}[] = [
  {
    title: 'fields of people are stated; those of layers and of nobody are not',
    spec: { app: 'shop', release: 3, runtime: 'prod', parameters: { size: 'small', zone: 'a' } },
    managers: { app: 'ann', release: 'layer:release/3', 'parameters.size': 'ci', 'parameters.zone': 'layer:tier/dev' },
    expected: { app: 'shop', parameters: { size: 'small' } },
  },
  {
    title: 'a spec of nobody states nothing',
    spec: { order: 1, nested: { deep: [1] } },
    managers: {},
    expected: {},
  },
  {
    title: 'an item of a list keeps its name, and its order, where only a part of it was stated',
    spec: {
      components: [
        { name: 'web', type: 'helm', after: ['db'] },
        { name: 'db', type: 'manifests' },
        { name: 'other', type: 'helm' },
      ],
    },
    managers: { 'components[web]': 'layer:definition/web', 'components[web].after': 'ann', 'components[db]': 'file' },
    expected: {
      components: [
        { name: 'web', after: ['db'] },
        { name: 'db', type: 'manifests' },
      ],
    },
  },
];

for (const { title, spec, managers, expected } of rows) {
  test(title, (t) => {
    t.deepEqual(statedSpec({ spec, managers }), expected);
  });
}

test('what is stated, stated again by anybody, changes no field and no owner', (t) => {
  const spec = { app: 'shop', list: [{ name: 'a', x: 1 }, { name: 'b' }], tags: ['x', 'y'], empty: {} };
  const current = mergeApply(stateAll(spec, 'file'), { app: 'shop', list: [{ name: 'c', y: 2 }] }, 'ci', {
    takeOver: false,
  });
  const again = mergeApply(current, statedSpec(current), 'cli', { takeOver: false });
  t.deepEqual(again.conflicts, []);
  t.deepEqual(again.spec, current.spec);
  t.deepEqual(again.managers, current.managers);
});
