import test from 'ava';
import type { Json, JsonObject } from '../../lib/canonical.js';
import { type FieldTree, treeOf } from '../../model/fields/field-tree.js';
import { childAddress, fieldsAt, fieldsEnding } from '../../model/origin/find-fields.js';
import type { OriginFacts, OriginLayer, OriginResource } from '../../model/origin/origin-facts.js';
import { type FieldOrigin, originsOf } from '../../model/origin.js';

function resource(name: string, spec: JsonObject, given: Partial<OriginResource> = {}): OriginResource {
  return { id: name, kind: 'Kind', name, spec, managers: {}, yielded: {}, setIn: {}, ...given };
}

const layer = (name: string, spec: JsonObject, from: OriginResource | null = null): OriginLayer => ({
  name,
  spec,
  from,
  placesOf: (path) => [`defaults.${path}`],
});

function originOf(given: Partial<OriginFacts> & Pick<OriginFacts, 'resource'>, path: string): FieldOrigin | undefined {
  const facts: OriginFacts = { layers: [], expandedFrom: null, children: [], ...given };
  return originsOf(facts, fieldsAt(treeOf(facts.resource.spec), path))[0];
}

const said = ({ overrode }: FieldOrigin) => overrode.map(({ manager, value }) => [manager, value] as const);

test('a layer that filled a field won over weaker ones, and says where it has it from', (t) => {
  const definition = resource(
    'small',
    { defaults: { size: 2 } },
    { managers: { 'defaults.size': 'ann' }, setIn: { '': 'first' } },
  );
  const filled = resource('db', { size: 2 }, { managers: { size: 'layer:definition/small' }, setIn: { '': 'second' } });
  const layers = [
    layer('layer:environment/dev', { other: 1 }),
    layer('layer:definition/small', { size: 2 }, definition),
    layer('layer:default', { size: 1 }),
  ];
  const origin = originOf({ resource: filled, layers }, 'size');
  t.like(origin, { value: 2, manager: 'layer:definition/small', changesetId: 'second', alsoStatedBy: [] });
  t.deepEqual(origin?.statedIn, {
    resource: { id: 'small', kind: 'Kind', name: 'small' },
    path: 'defaults.size',
    manager: 'ann',
    changesetId: 'first',
  });
  t.deepEqual(origin && said(origin), [['layer:default', 1]]);
});

test('a manager won over all layers, and over managers that lost the field; who states the same is told', (t) => {
  const held = resource(
    'db',
    { size: 3 },
    { managers: { size: 'ci' }, yielded: { size: { file: { value: 2 }, cli: { same: true } } } },
  );
  const origin = originOf({ resource: held, layers: [layer('layer:default', { size: 1 })] }, 'size');
  t.like(origin, { manager: 'ci', statedIn: null, changesetId: null, alsoStatedBy: ['cli'] });
  t.deepEqual(origin && said(origin), [
    ['file', 2],
    ['layer:default', 1],
  ]);
});

test('of a field that nobody is known to have set, nobody is told', (t) => {
  t.like(originOf({ resource: resource('old', { size: 1 }) }, 'size'), { manager: null, statedIn: null });
});

test('no secret is told, nor the hash of one', (t) => {
  const token: Json = { $secret: { id: 's', version: 2 } };
  const yielded = { token: { file: { value: { $hash: 'abc' } } } };
  const origin = originOf({ resource: resource('r', { token }, { managers: { token: 'ci' }, yielded }) }, 'token');
  t.like(origin, { value: null, isSecret: true });
  t.deepEqual(origin?.overrode, [{ manager: 'file', value: null, isSecret: true, statedIn: null }]);
});

const tree: FieldTree = treeOf({ list: [{ name: 'a', image: 1, inner: { image: 2 } }], image: 3, myimage: 4 });
const paths = (fields: readonly { readonly path: string }[]) => fields.map(({ path }) => path);

test('fields are found at a path, below it, and by the end of theirs', (t) => {
  t.deepEqual(paths(fieldsAt(tree, 'image')), ['image']);
  t.deepEqual(paths(fieldsAt(tree, 'list[a].inner')), ['list[a].inner.image']);
  t.is(fieldsAt(tree, '').length, 5);
  t.deepEqual(paths(fieldsEnding(tree, 'image')), ['list[a].image', 'list[a].inner.image', 'image']);
  t.deepEqual(paths(fieldsEnding(tree, '[a].image')), ['list[a].image']);
  t.deepEqual(fieldsEnding(tree, 'nothing'), []);
});

const addresses: readonly { readonly path: string; readonly expected: { name: string; path: string } | null }[] = [
  { path: 'db.storageGb', expected: { name: 'db', path: 'storageGb' } },
  { path: 'db', expected: { name: 'db', path: '' } },
  { path: 'dependencies[db].spec.storageGb', expected: { name: 'db', path: 'storageGb' } },
  {
    path: 'components[web].objects[Deployment/web].spec',
    expected: { name: 'web', path: 'objects[Deployment/web].spec' },
  },
  { path: '', expected: null },
];
for (const { path, expected } of addresses) {
  test(`"${path}" leads to ${expected ? `${expected.path || 'all'} of ${expected.name}` : 'no child'}`, (t) => {
    t.deepEqual(childAddress(path), expected);
  });
}
