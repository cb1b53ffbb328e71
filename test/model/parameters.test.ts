import test from 'ava';
import type { Json, JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { checkDeclarations, checkParameters } from '../../model/parameters.js';
import type { AppParameter } from '../../schema/kinds/app-parameter.js';

const check = (parameter: Partial<AppParameter>, given: JsonObject, tier: string | null = null) =>
  checkParameters({ app: 'shop', parameters: [{ name: 'p', type: 'string', ...parameter }], given, tier });

const allowed: readonly [title: string, parameter: Partial<AppParameter>, value: Json | undefined][] = [
  ['a string', {}, 'x'],
  ['a string that matches', { pattern: '^v[0-9]+$' }, 'v12'],
  ['a whole number within its limits', { type: 'int', minimum: 1, maximum: 3 }, 3],
  ['true', { type: 'bool' }, true],
  ['a value of an enum', { type: 'enum', values: ['small', 'large'] }, 'large'],
  ['an amount within its limits, in other units', { type: 'quantity', minimum: '512Mi', maximum: '2Gi' }, '1024Mi'],
  [
    'an output of another resource',
    { type: 'int' },
    { $output: { from: { kind: 'Database', name: 'db' }, output: 'port' } },
  ],
  ['one that is required and has a default, left out', { required: true, default: 'x' }, undefined],
  ['one that need not be there, left out', {}, undefined],
  ['its default, where it may not be set', { setIn: ['dev'], default: 'x' }, 'x'],
];

for (const [title, parameter, value] of allowed) {
  test(`${title} is a valid parameter`, (t) => {
    t.notThrows(() => check(parameter, value === undefined ? {} : { p: value }));
  });
}

const refused: readonly [parameter: Partial<AppParameter>, value: Json | undefined, rule: string, said: RegExp][] = [
  [{}, 1, 'type', /p of app shop is 1, and must be a string/],
  [{ pattern: '^v' }, 'x', 'pattern', /is "x", and must match \^v/],
  [{ type: 'int' }, 1.5, 'type', /must be a whole number/],
  [{ type: 'int', minimum: 2 }, 1, 'minimum', /must be at least 2/],
  [{ type: 'int', maximum: 2 }, 3, 'maximum', /is 3, and must be at most 2/],
  [{ type: 'bool' }, 'true', 'type', /must be true or false/],
  [{ type: 'enum', values: ['small', 'large'] }, 'huge', 'values', /must be one of small, large/],
  [{ type: 'quantity' }, 'much', 'type', /must be an amount such as 500m or 2Gi/],
  [{ type: 'quantity', maximum: '2Gi' }, '3Gi', 'maximum', /must be at most 2Gi/],
  [{ required: true }, undefined, 'required', /is missing: it is required, and has no default/],
  [{ setIn: ['dev', 'test'] }, 'x', 'setIn', /is set in tier prod, and may be set only in dev, test/],
];

for (const [parameter, value, rule, said] of refused) {
  test(`${JSON.stringify(value)} for ${JSON.stringify(parameter)} is refused with the rule ${rule}`, (t) => {
    const error = t.throws(() => check(parameter, value === undefined ? {} : { p: value }, 'prod'), {
      instanceOf: BadInputError,
      message: said,
    });
    t.like(error?.details, { path: ['parameters', 'p'], rule, owner: 'App shop' });
  });
}

test('a parameter that the app does not have is refused, with those that it has', (t) => {
  t.throws(() => check({ name: 'size' }, { siez: 'small' }), {
    message: 'The app shop has no parameter siez. Did you mean "size"? It has: size.',
  });
});

test('a default that would be refused is refused in the app', (t) => {
  const declare = (parameter: Partial<AppParameter>) => () =>
    checkDeclarations('shop', [{ name: 'p', type: 'string', ...parameter }]);
  t.throws(declare({ type: 'int', default: 'x' }), { message: /must be a whole number/ });
  t.throws(declare({ pattern: '(' }), { message: /no valid pattern/ });
  t.throws(declare({ type: 'enum' }), { message: /has no values/ });
  t.notThrows(declare({ type: 'enum', values: ['a'], default: 'a' }));
});
