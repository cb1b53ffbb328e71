import test from 'ava';
import type { Round, Sample } from '../../bench/case.js';
import { cheaperThan, figureAtMost } from '../../bench/harness/goals.js';
import { judge } from '../../bench/harness/judge.js';
import { makeContender, makeSample } from './make-sample.js';

const contenders = [makeContender('ours'), makeContender('floor', { role: 'floor' })];
const goals = [cheaperThan('floor', 0.8)];

const rounds = (ours: readonly Partial<Sample>[]): readonly Round[] =>
  ours.map(
    (differing) =>
      new Map([
        ['ours', makeSample(differing)],
        ['floor', makeSample()],
      ]),
  );

test('a goal is met when the worse end of the interval meets it', (t) => {
  const good = judge({ goals }, contenders, rounds([{ cpuMs: 110 }, { cpuMs: 120 }, { cpuMs: 100 }]));
  t.deepEqual(good.problems, []);
  t.like(good.goals[0], { isMet: true });
  t.is(good.goals[0]?.value?.high, 1);

  const wavering = judge({ goals }, contenders, rounds([{ cpuMs: 110 }, { cpuMs: 130 }, { cpuMs: 100 }]));
  t.like(wavering.goals[0], { isMet: false });
});

test('who answers wrongly scores nothing in any round, and the case has a problem', (t) => {
  const found = judge({ goals }, contenders, rounds([{ cpuMs: 1 }, { cpuMs: 1, answerHash: 'wrong' }]));
  t.deepEqual(found.problems, ['ours gave another answer than the floor.']);
  t.like(found.contenders[0], { name: 'ours', operations: 0, cpuUsEach: null });
  t.like(found.goals[0], { value: null, isMet: false });
});

test('one error is enough to score nothing', (t) => {
  const found = judge({ goals }, contenders, rounds([{}, { errors: 1 }, {}]));
  t.is(found.problems.length, 1);
  t.is(found.goals[0]?.value, null);
});

test('a goal whose contender is missing in one round is not measured', (t) => {
  const [first, second] = rounds([{}, {}]);
  const found = judge({ goals }, contenders, [first ?? new Map(), new Map([...(second ?? [])].slice(0, 1))]);
  t.like(found.goals[0], { value: null, isMet: false });
});

test('contenders that are asked other things may answer otherwise', (t) => {
  const asked = contenders.map((contender) => ({ ...contender, group: contender.name }));
  t.deepEqual(judge({ goals }, asked, rounds([{ answerHash: 'other' }])).problems, []);
});

test('figures have goals of their own', (t) => {
  const bytes = figureAtMost('pageKb', 'KB', 100);
  const found = judge(
    { goals: [bytes] },
    contenders,
    rounds([{ figures: { pageKb: 90 } }, { figures: { pageKb: 99 } }]),
  );
  t.like(found.goals[0], { unit: 'KB', isMet: true });
  t.is(found.contenders[0]?.figures.pageKb?.median, 94.5);
});
