import test from 'ava';
import { BadInputError } from '../../lib/errors.js';
import { compileHealthRules, type DeclaredHealth, type DeclaredVerdict } from '../../model/health-rule.js';
import { createSpecValidator } from '../../model/validate.js';
import { appKind } from '../../schema/kinds/app.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';

type Rule = DeclaredHealth[number]['rules'][number];

const port = (status: object = {}) => ({
  apiVersion: 'sea.test/v1',
  kind: 'Port',
  metadata: { name: 'home', generation: 2, managedFields: [{ manager: 'x' }] },
  spec: { depth: 12, berths: 3 },
  status,
});
const rulesOf = (rules: readonly Rule[]): DeclaredHealth => [
  { apiVersion: 'sea.test/v1', kind: 'Port', rules: [...rules] },
];
const isOpen: Rule = { health: 'Healthy', when: 'self.status.phase == "Open"' };

const rows: readonly {
  readonly title: string;
  readonly rules: readonly Rule[];
  readonly object: object;
  readonly expected: DeclaredVerdict;
}[] = [
  {
    title: 'a rule that is true decides',
    rules: [isOpen],
    object: port({ phase: 'Open' }),
    expected: { health: 'Healthy', reason: 'Available', message: '' },
  },
  {
    title: 'the first of two rules that are true wins',
    rules: [
      { health: 'Degraded', when: 'self.spec.depth < 20', message: '"too shallow: " + string(self.spec.depth)' },
      isOpen,
    ],
    object: port({ phase: 'Open' }),
    expected: { health: 'Degraded', reason: 'ObjectFailed', message: 'too shallow: 12' },
  },
  {
    title: 'without a rule that is true, the object is Progressing',
    rules: [isOpen],
    object: port({ phase: 'Dredging' }),
    expected: { health: 'Progressing', reason: 'Progressing', message: 'None of its health rules is true yet.' },
  },
  {
    title: 'a bad rule without a message shows its expression',
    rules: [{ health: 'Suspended', when: 'self.status.phase == "Closed"' }],
    object: port({ phase: 'Closed' }),
    expected: {
      health: 'Suspended',
      reason: 'Suspended',
      message: 'Its health rule "self.status.phase == "Closed"" is true.',
    },
  },
  {
    title: 'an expression that fails makes the object Unknown, with the error',
    rules: [isOpen],
    object: port(),
    expected: {
      health: 'Unknown',
      reason: 'Invalid',
      message: 'Its health rule "self.status.phase == "Open"" failed: No such key: phase.',
    },
  },
  {
    title: 'a message that fails makes the object Unknown as well',
    rules: [{ health: 'Degraded', when: 'true', message: 'self.status.why' }],
    object: port(),
    expected: {
      health: 'Unknown',
      reason: 'Invalid',
      message: 'Its health rule "self.status.why" failed: No such key: why.',
    },
  },
  {
    title: 'an expression that gives no truth makes the object Unknown',
    rules: [{ health: 'Healthy', when: 'self.spec.depth' }],
    object: port(),
    expected: {
      health: 'Unknown',
      reason: 'Invalid',
      message: 'Its health rule "self.spec.depth" failed: it gave bigint and not true or false.',
    },
  },
  {
    title: 'a field that may be absent is asked for by has, or as an optional one',
    rules: [
      { health: 'Degraded', when: 'has(self.status.error)' },
      { health: 'Progressing', when: 'self.status.?phase.orValue("New") == "New"', message: '"It is new."' },
    ],
    object: port(),
    expected: { health: 'Progressing', reason: 'Progressing', message: 'It is new.' },
  },
  {
    title: 'whole numbers are counted with, and lists are looked through',
    rules: [
      {
        health: 'Healthy',
        when: 'self.status.free + 1 == self.spec.berths && self.status.conditions.exists(c, c.type == "Ready" && c.status == "True")',
      },
    ],
    object: port({ free: 2, conditions: [{ type: 'Ready', status: 'True' }] }),
    expected: { health: 'Healthy', reason: 'Available', message: '' },
  },
  {
    title: 'an object that is too large for loops in loops makes it Unknown and not slow',
    rules: [{ health: 'Healthy', when: 'self.status.ships.all(a, self.status.ships.exists(b, a == b))' }],
    object: port({ ships: Array.from({ length: 5000 }, (_, index) => `ship-${index}`) }),
    expected: {
      health: 'Unknown',
      reason: 'Invalid',
      message:
        'Its health rule "self.status.ships.all(a, self.status.ships.exists(b, a == b))" failed: the object is too large for it.',
    },
  },
];

for (const { title, rules, object, expected } of rows) {
  test(title, (t) => {
    t.deepEqual(compileHealthRules(rulesOf(rules)).verdictOf(object as ReturnType<typeof port>), expected);
  });
}

test('kinds without declared rules are not spoken of, another version of a kind included', (t) => {
  const rules = compileHealthRules(rulesOf([isOpen]));
  t.is(rules.verdictOf({ ...port(), kind: 'Ship' }), null);
  t.is(rules.verdictOf({ ...port(), apiVersion: 'sea.test/v2' }), null);
});

test('rules that were declared twice for a kind are asked in their order', (t) => {
  const own: Rule = { health: 'Suspended', when: 'true', message: '"by the instance"' };
  const rules = compileHealthRules([...rulesOf([own]), ...rulesOf([isOpen])]);
  t.is(rules.verdictOf(port({ phase: 'Open' }))?.message, 'by the instance');
});

const refused = [
  { when: 'self.status.phase ==', why: /Unexpected token: EOF/ },
  { when: 'status.phase == "Open"', why: /Unknown variable: status/ },
  { when: '"Open"', why: /is of type string; it must give true or false/ },
  { when: 'self.kind.matches("^(a+)+$")', why: /cannot use matches\(\), because its cost has no bound/ },
  { when: 'cel.bind(x, "a", x + x) == "aa"', why: /cannot use bind\(\)/ },
  { when: 'self.a.all(x, x.all(y, y.all(z, z)))', why: /loops 3 deep/ },
];

for (const { when, why } of refused) {
  test(`the rule ${when} is refused on entry, with its path`, (t) => {
    const health = rulesOf([isOpen, { health: 'Degraded', when }]);
    const spec = { ...(appKind.fixtures[1] as object), policy: { health } };
    const error = t.throws(() => createSpecValidator(builtInKinds).validate(appKind, spec), {
      instanceOf: BadInputError,
      message: why,
    });
    t.deepEqual(error?.details.path, ['policy', 'health', 0, 'rules', 1, 'when']);
  });
}

test('a message that is no text is refused on entry', (t) => {
  t.throws(() => compileHealthRules(rulesOf([{ ...isOpen, message: '1 + 1' }])), {
    message: /is of type int; it must give a text/,
  });
});

test('rules for Secrets are refused on entry, because their messages would show them', (t) => {
  const health = [
    { apiVersion: 'v1', kind: 'Secret', rules: [{ health: 'Degraded', when: 'true', message: 'self.data.password' }] },
  ];
  const spec = { ...(appKind.fixtures[1] as object), policy: { health } };
  const error = t.throws(() => createSpecValidator(builtInKinds).validate(appKind, spec), {
    instanceOf: BadInputError,
  });
  t.deepEqual(error?.details.path, ['policy', 'health', 0, 'kind']);
});
