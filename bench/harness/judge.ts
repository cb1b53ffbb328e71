import type { BenchCase, Contender, Goal, Round, Sample } from '../case.js';
import type { CaseResult, ContenderResult, GoalResult } from './case-result.js';
import { medianInterval } from './interval.js';

export type Verdict = Pick<CaseResult, 'contenders' | 'goals' | 'problems'>;

/**
 * What the rounds say. A contender that answered wrongly, or with an error, in any round scores nothing in all of them:
 * its samples are taken out before goals look, and the case has a problem.
 */
export function judge(
  { goals }: Pick<BenchCase, 'goals'>,
  contenders: readonly Contender[],
  played: readonly Round[],
): Verdict {
  const problems = [...new Set(played.flatMap((round) => problemsOf(round, contenders)))];
  const wrong = new Set(problems.map(({ contender }) => contender));
  const rounds = played.map((round) => new Map([...round].filter(([name]) => !wrong.has(name))));
  return {
    contenders: contenders.map((contender) => resultOf(contender, rounds)),
    goals: goals.map((goal) => judgeGoal(goal, rounds)),
    problems: [...new Set(problems.map(({ text }) => text))],
  };
}

interface Problem {
  readonly contender: string;
  readonly text: string;
}

function problemsOf(round: Round, contenders: readonly Contender[]): readonly Problem[] {
  return [...round].flatMap(([contender, sample]) => {
    const found: Problem[] = [];
    const group = contenders.find(({ name }) => name === contender)?.group;
    const expected = expectedHash(
      round,
      contenders.filter((other) => other.group === group),
    );
    if (sample.errors > 0) {
      const first = sample.firstError === undefined ? '' : ` The first: ${sample.firstError}`;
      found.push({ contender, text: `${contender} gave ${sample.errors} errors for what was right to ask.${first}` });
    }
    if (sample.operations <= 0) found.push({ contender, text: `${contender} completed nothing.` });
    if (sample.answerHash !== undefined && sample.answerHash !== expected) {
      found.push({ contender, text: `${contender} gave another answer than the floor.` });
    }
    return found;
  });
}

/** Of the floor; without one, of the first that gives an answer. */
function expectedHash(round: Round, contenders: readonly Contender[]): string | undefined {
  const floorFirst = [...contenders].sort((a, b) => Number(b.role === 'floor') - Number(a.role === 'floor'));
  return floorFirst.map(({ name }) => round.get(name)?.answerHash).find((hash) => hash !== undefined);
}

function resultOf({ name, role }: Contender, rounds: readonly Round[]): ContenderResult {
  const samples = rounds.flatMap((round) => round.get(name) ?? []);
  const each = (value: (sample: Sample) => number | undefined) =>
    medianInterval(samples.map(value).filter((number) => number !== undefined));
  const figureNames = new Set(samples.flatMap(({ figures }) => Object.keys(figures ?? {})));
  return {
    name,
    role,
    operations: samples.reduce((sum, { operations }) => sum + operations, 0),
    cpuUsEach: each(({ cpuMs, operations }) => (cpuMs * 1000) / operations),
    perSecond: each(({ operations, wallMs }) => (operations * 1000) / wallMs),
    loadCpuUsEach: each(({ loadCpuMs, operations }) =>
      loadCpuMs === undefined ? undefined : (loadCpuMs * 1000) / operations,
    ),
    figures: Object.fromEntries(
      [...figureNames].flatMap((figure) => {
        const interval = each(({ figures }) => figures?.[figure]);
        return interval ? [[figure, interval]] : [];
      }),
    ),
  };
}

function judgeGoal(goal: Goal, rounds: readonly Round[]): GoalResult {
  const { name, unit, atLeast, atMost } = goal;
  const values = rounds.map((round) => goal.value(round));
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  const value = known.length === rounds.length ? medianInterval(known) : null;
  return {
    name,
    unit,
    ...(atLeast !== undefined && { atLeast }),
    ...(atMost !== undefined && { atMost }),
    value,
    isMet:
      value !== null &&
      (atLeast === undefined || value.low >= atLeast) &&
      (atMost === undefined || value.high <= atMost),
  };
}
