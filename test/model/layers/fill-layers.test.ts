import test from 'ava';
import type { JsonObject } from '../../../lib/canonical.js';
import {
  dropLayers,
  type FilledSpec,
  fillLayers,
  keepLayers,
  type Layer,
  managerAt,
  withinSpec,
} from '../../../model/layers/fill-layers.js';

const stated = (spec: JsonObject, managers: FilledSpec['managers']): FilledSpec => ({ spec, managers });
const layer = (name: string, spec: JsonObject): Layer => ({ name: `layer:${name}`, spec });

const cases: readonly {
  readonly title: string;
  readonly given: FilledSpec;
  readonly layers: readonly Layer[];
  readonly expected: FilledSpec;
}[] = [
  {
    title: 'what is stated is left alone',
    given: stated({ size: 'small' }, { size: 'ann' }),
    layers: [layer('definition/x', { size: 'large' })],
    expected: stated({ size: 'small' }, { size: 'ann' }),
  },
  {
    title: 'what is absent comes from the first layer that says it',
    given: stated({}, {}),
    layers: [layer('tier/prod', { size: 'large' }), layer('definition/x', { size: 'small', storageGb: 20 })],
    expected: stated({ size: 'large', storageGb: 20 }, { size: 'layer:tier/prod', storageGb: 'layer:definition/x' }),
  },
  {
    title: 'objects are filled field by field',
    given: stated({ policy: { drift: 'report' } }, { 'policy.drift': 'ann' }),
    layers: [layer('tier/prod', { policy: { drift: 'correct', replace: { jobs: true } } })],
    expected: stated(
      { policy: { drift: 'report', replace: { jobs: true } } },
      { 'policy.drift': 'ann', 'policy.replace.jobs': 'layer:tier/prod' },
    ),
  },
  {
    title: 'a list is one field, be it stated or filled',
    given: stated({ generate: [{ key: 'a' }] }, { generate: 'ann' }),
    layers: [layer('default', { generate: [{ key: 'b' }], ports: [{ port: 80 }] })],
    expected: stated({ generate: [{ key: 'a' }], ports: [{ port: 80 }] }, { generate: 'ann', ports: 'layer:default' }),
  },
  {
    title: 'a reference to a secret is one field',
    given: stated({ token: { $secret: { id: 'x', version: 1 } } }, { token: 'ann' }),
    layers: [layer('default', { token: { $secret: { id: 'y', version: 1 } } })],
    expected: stated({ token: { $secret: { id: 'x', version: 1 } } }, { token: 'ann' }),
  },
  {
    title: 'names with dots are quoted, as managers write them',
    given: stated({}, {}),
    layers: [layer('default', { labels: { 'example.com/team': 'web' } })],
    expected: stated({ labels: { 'example.com/team': 'web' } }, { 'labels["example.com/team"]': 'layer:default' }),
  },
];

for (const { title, given, layers, expected } of cases) {
  test(title, (t) => {
    t.deepEqual(fillLayers(given, layers), expected);
    const isLayered = expected.spec !== given.spec;
    t.deepEqual(dropLayers(expected), isLayered ? given : expected, 'dropping what layers filled leads back');
  });
}

test('what layers filled is dropped, but for what is to be kept', (t) => {
  const filled = stated({ account: 'cloud', size: 'small' }, { account: 'layer:project', size: 'layer:default' });
  t.deepEqual(dropLayers(filled, ['account']), stated({ account: 'cloud' }, { account: 'layer:project' }));
});

test('a list of which a person set a part is not the layer’s any more', (t) => {
  const filled = stated(
    { ports: [{ port: 80, protocol: 'http' }] },
    { 'ports[80].port': 'layer:default', 'ports[80].protocol': 'ann' },
  );
  t.deepEqual(dropLayers(filled).spec, filled.spec);
});

test('what a definition filled is kept alone', (t) => {
  const filled = stated(
    { size: 'small', storageGb: 20, engine: 'postgres' },
    { size: 'layer:definition/x', storageGb: 'ann', engine: 'layer:tier/prod' },
  );
  t.deepEqual(keepLayers(filled, ['layer:definition/x']), stated({ size: 'small' }, { size: 'layer:definition/x' }));
});

test('a spec is cut down to the fields of another one', (t) => {
  t.deepEqual(withinSpec({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 0 } }), { b: { d: 3 } });
});

test('who set a field is told by the nearest entry', (t) => {
  const managers = { 'guardrails.maxima': 'ann', 'guardrails.tiers[0]': 'bob', size: 'eve' };
  t.is(managerAt(managers, 'guardrails.maxima[storageGb]'), 'ann');
  t.is(managerAt(managers, 'guardrails.tiers'), 'bob');
  t.is(managerAt(managers, 'nothing'), null);
});
