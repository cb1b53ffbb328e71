import type { CaseResult, ContenderResult, GoalResult } from './case-result.js';
import type { Interval } from './interval.js';

/** The cells of one row: case, ours, floor, others, goals with ratio and spread, met or not. */
export function resultCells(result: CaseResult): readonly string[] {
  const of = (role: ContenderResult['role']) =>
    result.contenders.filter((contender) => contender.role === role).map((each) => contenderText(each));
  const others = [...of('peer'), ...of('stock')];
  return [
    result.name,
    of('ours').join('<br>') || '-',
    of('floor').join('<br>') || '-',
    others.join('<br>') || '-',
    result.goals.map(goalText).join('<br>') || '-',
    verdictText(result),
  ];
}

/** One row of a table in Markdown. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

export const resultHeadings = ['case', 'ours', 'floor', 'peers', 'ratios: median [low, high], goal', 'met'] as const;

export function goalText({ name, unit, atLeast, atMost, value, isMet }: GoalResult): string {
  const bound = [
    ...(atLeast === undefined ? [] : [`>= ${numberText(atLeast)}`]),
    ...(atMost === undefined ? [] : [`<= ${numberText(atMost)}`]),
  ].join(' and ');
  const measured = value === null ? 'not measured' : intervalText(value);
  return `${name}: ${measured}${unit === 'times' ? '' : ` ${unit}`} (${bound}) ${isMet ? '✓' : '✗'}`;
}

export function intervalText({ median, low, high }: Interval): string {
  return `${numberText(median)} [${numberText(low)}, ${numberText(high)}]`;
}

/** Three digits that say something. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function verdictText({ goals, problems }: CaseResult): string {
  if (problems.length > 0) return 'not correct';
  const missed = goals.filter(({ isMet }) => !isMet).length;
  return missed === 0 ? 'yes' : `no: ${missed} of ${goals.length} missed`;
}

function contenderText({ name, role, cpuUsEach, perSecond, loadCpuUsEach, figures }: ContenderResult): string {
  const parts = [
    ...(cpuUsEach ? [`${numberText(cpuUsEach.median)} us`] : ['nothing: it failed']),
    ...(perSecond ? [`${numberText(perSecond.median)}/s`] : []),
    ...(loadCpuUsEach ? [`load ${numberText(loadCpuUsEach.median)} us`] : []),
    ...Object.entries(figures).map(([figure, value]) => `${figure} ${numberText(value.median)}`),
  ];
  return `${role === name ? '' : `${name}: `}${parts.join(', ')}`;
}
