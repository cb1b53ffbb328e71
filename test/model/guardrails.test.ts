import test from 'ava';
import type { JsonObject } from '../../lib/canonical.js';
import { checkAllowedDefinitions, checkGuardrails, type GuardedSpec } from '../../model/guardrails.js';
import type { Guardrails } from '../../schema/kinds/guardrails.js';

const guarded = (spec: JsonObject, given: Partial<GuardedSpec> = {}): GuardedSpec => ({
  spec,
  managers: Object.fromEntries(Object.keys(spec).map((path) => [path, 'ann'])),
  parameters: ['size', 'storageGb', 'engine', 'location', 'memory'],
  tier: null,
  ...given,
});

const cases: readonly {
  readonly title: string;
  readonly rules: Guardrails;
  readonly given: GuardedSpec;
  /** What is said of each violation; none: it is allowed. */
  readonly expected: readonly string[];
}[] = [
  { title: 'without rules everything is', rules: {}, given: guarded({ size: 'large' }), expected: [] },
  { title: 'what is open is', rules: { open: ['size'] }, given: guarded({ size: 'large' }), expected: [] },
  {
    title: 'what is not open is not',
    rules: { open: ['size'] },
    given: guarded({ size: 'large', storageGb: 5 }),
    expected: ['storageGb is set, and only size may be'],
  },
  {
    title: 'where nothing is open nothing is',
    rules: { open: [] },
    given: guarded({ size: 'large' }),
    expected: ['size is set, and nothing may be'],
  },
  {
    title: 'what layers fill need not be open, but what an app states does',
    rules: { open: ['size'] },
    given: guarded(
      { storageGb: 5, engine: 'mysql', location: 'local' },
      { managers: { storageGb: 'layer:tier/dev', engine: 'layer:release/3', location: 'layer:instance' } },
    ),
    expected: ['engine is set, and only size may be', 'location is set, and only size may be'],
  },
  {
    title: 'what no definition can say is the resource’s own',
    rules: { open: [] },
    given: guarded({ definition: 'small', values: { a: 'b' } }),
    expected: [],
  },
  {
    title: 'a value of the list is',
    rules: { allowed: [{ path: 'engine', values: ['postgres', 'mysql'] }] },
    given: guarded({ engine: 'mysql' }),
    expected: [],
  },
  {
    title: 'another value is not',
    rules: { allowed: [{ path: 'engine', values: ['postgres', 'mysql'] }] },
    given: guarded({ engine: 'mariadb' }),
    expected: ['engine is mariadb, and one of postgres, mysql is allowed'],
  },
  {
    title: 'the limits themselves are',
    rules: { maxima: [{ path: 'storageGb', maximum: 100 }], minima: [{ path: 'storageGb', minimum: 100 }] },
    given: guarded({ storageGb: 100 }),
    expected: [],
  },
  {
    title: 'more than the maximum is not',
    rules: { maxima: [{ path: 'storageGb', maximum: 100 }] },
    given: guarded({ storageGb: 101 }),
    expected: ['storageGb is 101, and at most 100 is allowed'],
  },
  {
    title: 'less than the minimum is not',
    rules: { minima: [{ path: 'storageGb', minimum: 10 }] },
    given: guarded({ storageGb: 9 }),
    expected: ['storageGb is 9, and at least 10 is allowed'],
  },
  {
    title: 'an amount beyond the maximum is not',
    rules: { maxima: [{ path: 'memory', maximum: 2 ** 30 }] },
    given: guarded({ memory: '2Gi' }),
    expected: ['memory is 2Gi, and at most 1073741824 is allowed'],
  },
  {
    title: 'limits hold for what layers fill as well',
    rules: { maxima: [{ path: 'storageGb', maximum: 100 }] },
    given: guarded({ storageGb: 101 }, { managers: { storageGb: 'layer:tier/prod' } }),
    expected: ['storageGb is 101, and at most 100 is allowed'],
  },
  {
    title: 'a tier of the list is',
    rules: { tiers: ['dev'] },
    given: guarded({}, { tier: 'dev' }),
    expected: [],
  },
  {
    title: 'another tier is not, and neither is none',
    rules: { tiers: ['dev', 'test'] },
    given: guarded({}, { tier: 'prod' }),
    expected: ['its environment is in tier prod, and only dev, test are allowed'],
  },
  {
    title: 'no tier is not where tiers are listed',
    rules: { tiers: ['dev'] },
    given: guarded({}),
    expected: ['its environment is in no tier, and only dev is allowed'],
  },
  {
    title: 'what is in no environment is for whichever tier, so it is',
    rules: { tiers: ['dev'] },
    given: guarded({}, { tier: undefined }),
    expected: [],
  },
  {
    title: 'another location is not',
    rules: { locations: ['local'] },
    given: guarded({ location: 'asia-tokyo' }),
    expected: ['location is asia-tokyo, and only local is allowed'],
  },
];

for (const { title, rules, given, expected } of cases) {
  test(`${title} allowed`, (t) => {
    t.deepEqual(
      checkGuardrails(rules, given).map(({ sentence }) => sentence),
      expected,
    );
  });
}

test('a violation says which rule, where it stands, and what is allowed', (t) => {
  const [found] = checkGuardrails({ maxima: [{ path: 'storageGb', maximum: 100 }] }, guarded({ storageGb: 500 }));
  t.like(found, { path: 'storageGb', rule: 'maxima', at: 'maxima[storageGb]', allowed: { maximum: 100 } });
});

test('a tier allows the definitions that it lists, by kind', (t) => {
  const tier = { allowedDefinitions: [{ kind: 'Database', definitions: ['small', 'platform/large'] }] };
  t.is(checkAllowedDefinitions(tier, 'Database', 'platform/large'), null);
  t.is(checkAllowedDefinitions(tier, 'Bucket', null), null);
  t.like(checkAllowedDefinitions(tier, 'Database', 'huge'), {
    sentence: 'definition is huge, and only small, platform/large are allowed',
  });
  t.like(checkAllowedDefinitions(tier, 'Database', null), {
    sentence: 'it names no definition, and only small, platform/large are allowed',
  });
});
