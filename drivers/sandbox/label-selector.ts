import type { KubernetesObject } from '../kubernetes/driver.js';
import { ApiError } from './api-error.js';
import { labelValuePattern } from './names.js';

/**
 * Tells whether the labels of an object are selected by a label selector as text: `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
 * Empty selects everything. Throws 400 in the words of an API server for what it cannot read.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseLabelSelector(selector: string | undefined): (object: KubernetesObject) => boolean {
  const requirements = parse(cut(selector ?? ''));
  return (object) => requirements.every((isMet) => isMet(object.metadata.labels ?? {}));
}

type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

const symbols = ['==', '!=', '=', '!', '(', ')', ',', '>', '<'];
const operators = ['in', 'notin', '=', '==', '!=', '>', '<'];

/** The words and signs of a selector. */
function cut(selector: string): readonly string[] {
  const tokens: string[] = [];
  for (let rest = selector.trimStart(); rest; rest = rest.trimStart()) {
    const token = symbols.find((symbol) => rest.startsWith(symbol)) ?? /^[^\s=!(),<>]+/.exec(rest)?.[0] ?? rest;
    tokens.push(token);
    rest = rest.slice(token.length);
  }
  return tokens;
}

function parse(tokens: readonly string[]): readonly Requirement[] {
  const requirements: Requirement[] = [];
  let at = 0;
  const peek = () => tokens[at] ?? '';
  const isWord = () => peek() !== '' && !symbols.includes(peek());
  const isEnd = () => peek() === '' || peek() === ',';
  const take = () => tokens[at++] ?? '';

  const readValues = (): readonly string[] => {
    if (take() !== '(') throw unreadable(`found '${tokens[at - 1] ?? ''}' expected: '('`);
    const values: string[] = [];
    while (peek() !== ')') {
      if (!isWord() && peek() !== ',') throw unreadable(`found '${peek()}', expected: ',', ')' or identifier`);
      if (isWord()) values.push(take());
      if (peek() === ',') take();
      else if (peek() !== ')') throw unreadable(`found '${peek()}', expected: ')'`);
    }
    take();
    return values.length > 0 ? values : [''];
  };
  const readValue = (): string => {
    if (isEnd()) return '';
    if (!isWord()) throw unreadable(`found '${peek()}', expected: identifier`);
    return take();
  };
  const readRequirement = (): Requirement => {
    const isNegated = peek() === '!';
    if (isNegated) take();
    if (!isWord()) throw unreadable(`found '${peek()}', expected: identifier`);
    const key = keyOf(take());
    if (isNegated) return (labels) => !Object.hasOwn(labels, key);
    if (isEnd()) return (labels) => Object.hasOwn(labels, key);
    const operator = take();
    if (!operators.includes(operator)) {
      throw unreadable(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    const values = operator === 'in' || operator === 'notin' ? readValues() : [readValue()];
    return requirement(key, operator, values.map(checkValue(key)));
  };

  if (tokens.length > 0 && !isWord() && peek() !== '!') {
    throw refused(`found '${peek()}', expected: !, identifier, or 'end of string'`);
  }
  while (at < tokens.length) {
    requirements.push(readRequirement());
    if (at === tokens.length) break;
    if (peek() !== ',') throw refused(`found '${peek()}', expected: ',' or 'end of string'`);
    take();
    if (!isWord() && peek() !== '!') throw refused(`found '${peek()}', expected: identifier after ','`);
  }
  return requirements;
}

function requirement(key: string, operator: string, values: readonly string[]): Requirement {
  const [first = ''] = values;
  switch (operator) {
    case 'notin':
    case '!=':
      return (labels) => !values.includes(labels[key] ?? '') || !Object.hasOwn(labels, key);
    case '>':
      return (labels) => Object.hasOwn(labels, key) && Number(labels[key]) > Number(first);
    case '<':
      return (labels) => Object.hasOwn(labels, key) && Number(labels[key]) < Number(first);
    default:
      return (labels) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? '');
  }
}

function keyOf(key: string): string {
  const slash = key.indexOf('/');
  if (slash === 0) throw unreadable(`<nil>: Invalid value: ${JSON.stringify(key)}: prefix part must be non-empty`);
  if (labelValuePattern.test(key.slice(slash + 1)) && key.length > slash + 1) return key;
  throw unreadable(
    `<nil>: Invalid value: ${JSON.stringify(key)}: name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
  );
}

function checkValue(key: string): (value: string, index: number) => string {
  return (value, index) => {
    if (labelValuePattern.test(value)) return value;
    throw unreadable(
      `values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    );
  };
}

function unreadable(why: string): ApiError {
  return refused(`unable to parse requirement: ${why}`);
}

function refused(why: string): ApiError {
  return new ApiError(400, 'BadRequest', why);
}
