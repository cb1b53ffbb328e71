import { ageOf } from '../../lib/age.js';
import type { CauseFullFragment, GetWhyQuery, WhySubjectFullFragment } from '../../sdk/generated/operations.js';
import { colourOfHealth, cut, paint, symbolOfHealth, widthOf } from './colour.js';
import type { Terminal } from './terminal.js';
import { wrapWords } from './wrap-words.js';

export type ShownWhy = GetWhyQuery['why'];

export interface WhyTextOptions {
  readonly terminal: Pick<Terminal, 'width' | 'hasColour'>;
  readonly nowMs: number;
}

/** Lines that say why a resource is not as it should be: each cause with the way that leads to it and the way out. */
export function whyText(subject: WhySubjectFullFragment, why: ShownWhy, options: WhyTextOptions): readonly string[] {
  const { causes, isSettled, isTruncated } = why;
  const title = `${placed(subject)} is ${stateOf(why.health, options)}`;
  if (isSettled && causes.length === 0) return [`${title}. There is nothing to explain.`];
  const count = causes.length === 1 ? 'one cause' : `${causes.length} causes`;
  return [
    `${title}${isSettled ? ', but not all is as desired' : causes.length === 0 ? ', and nothing says why' : `: ${count}`}.`,
    ...causes.flatMap((cause, index) => ['', ...causeLines(cause, `${index + 1}. `, options)]),
    ...(isTruncated ? ['', 'There may be more: these come first.'] : []),
  ];
}

/** Kind, name, and where it is. */
function placed({ kind, name, environment }: WhySubjectFullFragment): string {
  return `${kind} ${name}${environment === null ? '' : ` in ${environment}`}`;
}

function stateOf(health: string, { terminal }: WhyTextOptions): string {
  return paint(`${symbolOfHealth(health)} ${health}`, colourOfHealth(health), terminal.hasColour);
}

function causeLines(cause: CauseFullFragment, number: string, options: WhyTextOptions): readonly string[] {
  const { health, reason, message, since, nextRetryAt, blockedBy, fix } = cause;
  const { hasColour } = options.terminal;
  const indent = ' '.repeat(number.length);
  const head = `${number}${paint(reason, colourOfHealth(health), hasColour)} for ${ageOf(since, options.nowMs)}`;
  const facts: readonly (readonly [string, string])[] = [
    ['', message],
    ...(blockedBy.length > 0 ? [['waits for', blockedBy.map(titleOf).join(', ')] as const] : []),
    ...(nextRetryAt === null ? [] : [['next try', untilText(nextRetryAt, options.nowMs)] as const]),
    ...(fix === null ? [] : [['fix', fix] as const]),
  ];
  return [
    head,
    ...pathLines(cause, indent, options),
    ...facts.flatMap(([name, text]) => factLines(name, text, indent, options)),
  ];
}

/** The way from what was asked about to the cause, as a tree with one branch. */
function pathLines({ path, object, health }: CauseFullFragment, indent: string, options: WhyTextOptions) {
  const steps = [
    ...path.map(({ resource }) => ({ title: titleOf(resource), health: resource.health })),
    ...(object ? [{ title: [object.kind, object.namespace, object.name].filter(Boolean).join('/'), health }] : []),
  ];
  const labels = steps.map(
    ({ title }, depth) => `${indent}${depth === 0 ? '' : `${'   '.repeat(depth - 1)}└─ `}${title}`,
  );
  const width = Math.max(...labels.map(widthOf));
  const room = options.terminal.width === null ? width : Math.min(width, Math.max(20, options.terminal.width - 16));
  return labels.map((label, depth) => {
    const shown = cut(label, room);
    return `${shown}${' '.repeat(room - widthOf(shown))}  ${stateOf(steps[depth]?.health ?? '', options)}`;
  });
}

function factLines(name: string, text: string, indent: string, { terminal }: WhyTextOptions): readonly string[] {
  const label = name === '' ? '' : `${name}: `.padEnd(LABEL_WIDTH);
  const start = indent.length + label.length;
  const lines = wrapWords(text.replaceAll(/\s+/g, ' '), terminal.width === null ? LINE_WIDTH : terminal.width - start);
  return lines.map((line, index) => {
    const before = index === 0 ? paint(label, 'grey', terminal.hasColour) : ' '.repeat(label.length);
    return `${indent}${before}${line}`;
  });
}

const LABEL_WIDTH = 'waits for: '.length;
/** Where there is no screen: long, so that programs find a sentence in one line. */
const LINE_WIDTH = 10_000;

function titleOf({ kind, name }: WhySubjectFullFragment): string {
  return `${kind} ${name}`;
}

function untilText(time: string, nowMs: number): string {
  const seconds = Math.ceil((Date.parse(time) - nowMs) / 1000);
  return seconds <= 0 ? 'now' : `in ${seconds}s`;
}
