import test from 'ava';
import type { JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { checkDefinition } from '../../model/check-definition.js';
import { checkKindDefaults } from '../../model/check-kind-defaults.js';
import { createSpecValidator } from '../../model/validate.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { databaseDefinitionKind } from '../../schema/kinds/database-definition.js';

const validator = createSpecValidator(builtInKinds);

const definitions: readonly (readonly [title: string, spec: JsonObject, said: RegExp, path: string])[] = [
  [
    'a guardrail about what is no parameter',
    { guardrails: { maxima: [{ path: 'storageGB', maximum: 5 }] } },
    /is about storageGB, which is no parameter\. Did you mean "storageGb"\?/,
    'guardrails.maxima.0.path',
  ],
  [
    'an open field that is no parameter',
    { guardrails: { open: ['siez'] } },
    /Did you mean "size"/,
    'guardrails.open.0',
  ],
  [
    'a default beyond its own limit',
    { defaults: { storageGb: 200 }, guardrails: { maxima: [{ path: 'storageGb', maximum: 100 }] } },
    /forbids what it says itself: storageGb is 200, and at most 100 is allowed/,
    'defaults.storageGb',
  ],
  [
    'a default of a tier that is not allowed',
    {
      tiers: [{ tier: 'prod', defaults: { size: 'large' } }],
      guardrails: { allowed: [{ path: 'size', values: ['small'] }] },
    },
    /size is large, and only small is allowed/,
    'tiers.0.defaults.size',
  ],
];

for (const [title, spec, said, path] of definitions) {
  test(`${title} is refused in the definition`, (t) => {
    const error = t.throws(() => checkDefinition(databaseDefinitionKind, 'small', spec), {
      instanceOf: BadInputError,
      message: said,
    });
    t.is(error?.details.path?.join('.'), path);
  });
}

test('defaults within its limits, and what is not open to others, are a definition’s own', (t) => {
  const guardrails = { open: [], maxima: [{ path: 'storageGb', maximum: 100 }], tiers: ['prod'] };
  t.notThrows(() => checkDefinition(databaseDefinitionKind, 'small', { defaults: { storageGb: 100 }, guardrails }));
});

const defaults: readonly (readonly [title: string, spec: JsonObject, said: RegExp, path: string])[] = [
  [
    'a kind that is not there',
    { defaults: [{ kind: 'Databse', spec: {} }] },
    /"Databse" is no kind that this can be said of\. Did you mean "Database"\?/,
    'defaults.0.kind',
  ],
  [
    'a field that the kind does not have',
    { defaults: [{ kind: 'Database', spec: { storageGB: 5 } }] },
    /storageGB of Database is not known/,
    'defaults.0.spec.storageGB',
  ],
  [
    'a value that does not fit',
    { defaults: [{ kind: 'Database', spec: { storageGb: 'much' } }] },
    /must be an integer/,
    'defaults.0.spec.storageGb',
  ],
  [
    'a definition of what has none',
    { definitions: [{ kind: 'AppInstance', definition: 'x' }] },
    /"AppInstance" is no kind/,
    'definitions.0.kind',
  ],
  [
    'definitions that are allowed of what has none',
    { allowedDefinitions: [{ kind: 'App', definitions: [] }] },
    /"App" is no kind/,
    'allowedDefinitions.0.kind',
  ],
];

for (const [title, spec, said, path] of defaults) {
  test(`${title} is refused in the tier or environment`, (t) => {
    const error = t.throws(() => checkKindDefaults(spec, builtInKinds, validator), {
      instanceOf: BadInputError,
      message: said,
    });
    t.is(error?.details.path?.join('.'), path);
  });
}

test('a part of a spec need not be whole', (t) => {
  const spec = { defaults: [{ kind: 'SupportService', spec: { version: '1.0.0' } }] };
  t.notThrows(() => checkKindDefaults(spec, builtInKinds, validator));
});
