import test from 'ava';
import type { JsonObject } from '../../lib/canonical.js';
import { plannedFields } from '../../model/planned-fields.js';

const secret = (version: number) => ({ $secret: { id: '1', version } });
const container = (name: string, more: JsonObject = {}) => ({ name, image: 'nginx', ...more });

interface Row {
  readonly title: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject;
  /** Path, before, after. */
  readonly expected: readonly (readonly [string, unknown, unknown])[];
}

const table: readonly Row[] = [
  { title: 'equal specs differ in nothing', before: { a: 1, b: [1] }, after: { b: [1], a: 1 }, expected: [] },
  {
    title: 'fields that come, change and go',
    before: { gone: { x: 1 }, same: true, size: 'small' },
    after: { came: { y: [1, 2] }, same: true, size: 'large' },
    expected: [
      ['spec.came.y', undefined, [1, 2]],
      ['spec.size', 'small', 'large'],
      ['spec.gone.x', 1, undefined],
    ],
  },
  {
    title: 'all fields of a new resource, items of lists as a whole',
    before: null,
    after: { app: 'shop', policy: { drift: 'report' }, containers: [container('web')] },
    expected: [
      ['spec.app', undefined, 'shop'],
      ['spec.policy.drift', undefined, 'report'],
      ['spec.containers[web]', undefined, container('web')],
    ],
  },
  {
    title: 'fields of an item by its key, though it moved',
    before: { containers: [container('web'), container('side')] },
    after: { containers: [container('new'), container('web', { image: 'nginx:2' })] },
    expected: [
      ['spec.containers[new]', undefined, container('new')],
      ['spec.containers[web].image', 'nginx', 'nginx:2'],
      ['spec.containers[side]', container('side'), undefined],
    ],
  },
  {
    title: 'the order of items',
    before: { containers: [container('a'), container('b')] },
    after: { containers: [container('b'), container('a')] },
    expected: [['spec.containers', ['a', 'b'], ['b', 'a']]],
  },
  {
    title: 'an empty object that is filled, and one that comes',
    before: { policy: {} },
    after: { policy: { drift: 'report' }, none: {} },
    expected: [
      ['spec.policy.drift', undefined, 'report'],
      ['spec.none', undefined, {}],
    ],
  },
  {
    title: 'a value in the place of an object',
    before: { a: { b: 1 } },
    after: { a: 'text' },
    expected: [['spec.a', { b: 1 }, 'text']],
  },
  {
    title: 'a secret that stays, one that changes, one that comes and one that goes',
    before: { same: secret(1), other: secret(1), gone: secret(1) },
    after: { same: secret(1), other: secret(2), came: secret(1) },
    expected: [
      ['spec.other', '(hidden)', '(changed)'],
      ['spec.came', undefined, '(hidden)'],
      ['spec.gone', '(hidden)', undefined],
    ],
  },
  {
    title: 'a secret within a list that has no keys',
    before: { values: [secret(1), 'a'] },
    after: { values: [secret(2), 'b'] },
    expected: [['spec.values', ['(hidden)', 'a'], ['(changed)', 'b']]],
  },
];

for (const { title, before, after, expected } of table) {
  test(`told are ${title}`, (t) => {
    const fields = plannedFields(before && { spec: before, labels: {} }, { spec: after, labels: {} });
    t.deepEqual(
      fields.map((field) => [field.path, field.before, field.after]),
      expected.map((row) => [...row]),
    );
  });
}

test('labels come before the spec, quoted where their names have dots', (t) => {
  t.deepEqual(
    plannedFields({ spec: { a: 1 }, labels: { team: 'a' } }, { spec: { a: 2 }, labels: { 'example.com/team': 'a' } }),
    [
      { path: 'labels["example.com/team"]', before: undefined, after: 'a' },
      { path: 'labels.team', before: 'a', after: undefined },
      { path: 'spec.a', before: 1, after: 2 },
    ],
  );
});
