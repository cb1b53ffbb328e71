import test from 'ava';
import { canonicalJson, isSameJson } from '../../lib/canonical.js';
import { createManualClock, sleep } from '../../lib/clock.js';
import { BlockedError, errorText, PortolanError } from '../../lib/errors.js';
import { createKindRegistry, isSecretReference } from '../../lib/kind.js';
import { camelCase, kebabCase, withArticle } from '../../lib/names.js';
import { didYouMean, nearest } from '../../lib/nearest.js';
import { createSeededRandom } from '../../lib/random.js';
import { appInstanceKind } from '../../schema/kinds/app-instance.js';
import { projectKind } from '../../schema/kinds/project.js';

test('a manual clock runs timers in the order of their due time, those that timers add included', (t) => {
  const clock = createManualClock(0);
  const ran: string[] = [];
  clock.after(20, () => ran.push(`b${clock.now()}`));
  clock.after(10, () => {
    ran.push(`a${clock.now()}`);
    clock.after(5, () => ran.push(`c${clock.now()}`));
  });
  const cancel = clock.after(12, () => ran.push('never'));
  cancel();
  clock.step(30);
  t.deepEqual(ran, ['a10', 'c15', 'b20']);
  t.is(clock.now(), 30);
});

test('an aborted sleep ends at once', async (t) => {
  const clock = createManualClock(0);
  const controller = new AbortController();
  const slept = sleep(clock, 1000, controller.signal);
  controller.abort();
  await slept;
  t.is(clock.now(), 0);
});

test('the same seed gives the same sequence, another seed another one', (t) => {
  const draw = (seed: number) => {
    const random = createSeededRandom(seed);
    return [random.next(), random.below(1000), random.uuid()];
  };
  t.deepEqual(draw(7), draw(7));
  t.notDeepEqual(draw(7), draw(8));
  t.regex(createSeededRandom(1).uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('equal JSON values have equal canonical text, whatever the order of their keys', (t) => {
  t.is(canonicalJson({ b: [1, { d: 1, c: 2 }], a: undefined }), '{"b":[1,{"c":2,"d":1}]}');
  t.true(isSameJson({ a: 1, b: 2 }, { b: 2, a: 1 }));
  t.false(isSameJson([1, 2], [2, 1]));
});

test('two values are the same JSON exactly when their canonical texts are', (t) => {
  const values: readonly unknown[] = [
    ...[null, undefined, 0, -0, 1, Number.NaN, '', '0', true, false],
    ...[[], [null], [undefined], [[]], [1, 2], [2, 1], [1]],
    ...[{}, { a: 1 }, { a: undefined }, { a: null }, { a: undefined, b: 1 }, { b: 1 }, { a: 1, b: 1 }, { a: {} }],
    ...[{ constructor: 'x' }, { toString: 1 }, { 0: 1 }, { length: 0 }],
  ];
  for (const a of values) {
    for (const b of values) {
      t.is(isSameJson(a, b), canonicalJson(a) === canonicalJson(b), `${canonicalJson(a)} and ${canonicalJson(b)}`);
      t.is(isSameJson({ in: [a] }, { in: [b] }), canonicalJson({ in: [a] }) === canonicalJson({ in: [b] }));
    }
  }
});

test('the nearest word is found only when it is near', (t) => {
  t.is(nearest('relase', ['runtime', 'release', 'app']), 'release');
  t.is(nearest('zzzzzz', ['runtime', 'release']), null);
  t.regex(didYouMean('enviroment', ['environment']), /Did you mean "environment"/);
  t.regex(didYouMean('zzz', ['app', 'tier']), /Known: app, tier/);
});

test('the article goes with the noun', (t) => {
  t.deepEqual(['App', 'Environment', 'Tier'].map(withArticle), ['an App', 'an Environment', 'a Tier']);
});

test('an error says what it was doing and why, once each', (t) => {
  const error = new Error('cannot read the file', { cause: new Error('no such file') });
  t.is(errorText(error), 'cannot read the file: no such file');
  t.is(errorText(new Error('It is away.', { cause: new Error('refused') })), 'It is away. (refused)');
  t.is(errorText('text'), 'text');
  const blocked = new BlockedError('in the way', ['App a (1)']);
  t.true(blocked instanceof PortolanError);
  t.deepEqual([blocked.code, blocked.details.blockers, blocked.name], ['BLOCKED', ['App a (1)'], 'BlockedError']);
});

test('a registry refuses two kinds of one name, and a reference to a kind that is not there', (t) => {
  t.throws(() => createKindRegistry([projectKind, projectKind]), { message: /Two kinds are called Project/ });
  t.throws(() => createKindRegistry([appInstanceKind]), { message: /refers to the kind App/ });
  t.is(createKindRegistry([projectKind]).find('Projects'), null);
});

test('names are written as files and as fields of the graph', (t) => {
  t.is(kebabCase('KubernetesRuntime'), 'kubernetes-runtime');
  t.is(kebabCase('EKSCluster'), 'eks-cluster');
  t.is(camelCase('AppInstances'), 'appInstances');
});

test('only an object that is a reference and nothing else counts as one', (t) => {
  t.true(isSecretReference({ $secret: { id: 'a', version: 1 } }));
  t.false(isSecretReference({ $secret: {}, more: 1 }));
  t.false(isSecretReference('text'));
});
