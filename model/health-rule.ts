import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { BadInputError, errorText } from '../lib/errors.js';
import type { Health, Reason } from '../lib/health.js';
import type { ObjectPolicy } from '../schema/kinds/object-policy.js';

export type DeclaredHealth = NonNullable<ObjectPolicy['health']>;

/** What declared rules say of an object; the same shape as what the built-in ones say. */
export interface DeclaredVerdict {
  readonly health: Health;
  readonly reason: Reason;
  readonly message: string;
}

export interface HealthRules {
  /** What is said of `object`; null when no rules were declared for its kind. Pure; never throws. */
  verdictOf(object: RuledObject): DeclaredVerdict | null;
}

export interface RuledObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: object;
}

/**
 * Compiles what an app declares of the health of its kinds. The first rule that is true decides, of all that were declared
 * for a kind, in their order; when none is, the object is Progressing. What fails while it runs makes the object Unknown.
 * Throws BadInputError, as checkHealthRules does.
 */
export function compileHealthRules(declared: DeclaredHealth): HealthRules {
  const byKind = new Map<string, CompiledRule[]>();
  for (const [index, { apiVersion, kind, rules }] of declared.entries()) {
    refuseSecrets(apiVersion, kind, [index]);
    const key = `${apiVersion}/${kind}`;
    const compiled = rules.map((rule, at) => compileRule(rule, [index, 'rules', at]));
    byKind.set(key, [...(byKind.get(key) ?? []), ...compiled]);
  }
  return {
    verdictOf(object) {
      const rules = byKind.get(`${object.apiVersion}/${object.kind}`);
      return rules ? judge(object, rules) : null;
    },
  };
}

/** Throws BadInputError with the path, below `path`, of the first expression that cannot be. */
export function checkHealthRules(declared: DeclaredHealth, path: readonly (string | number)[]): void {
  for (const [index, { apiVersion, kind, rules }] of declared.entries()) {
    refuseSecrets(apiVersion, kind, [...path, index]);
    for (const [at, rule] of rules.entries()) compileRule(rule, [...path, index, 'rules', at]);
  }
}

/** A message may show any field of its object, and messages are shown to everybody. */
function refuseSecrets(apiVersion: string, kind: string, path: readonly (string | number)[]): void {
  if (apiVersion !== 'v1' || kind !== 'Secret') return;
  throw new BadInputError(
    'Secrets have no health rules, because what a rule says would show them. Leave this one out.',
    {
      path: [...path, 'kind'],
    },
  );
}

type Rule = DeclaredHealth[number]['rules'][number];

interface CompiledRule {
  readonly rule: Rule;
  readonly when: Expression;
  readonly message: Expression | null;
}

interface Expression {
  readonly text: string;
  /** How deep loops over lists stand in each other. */
  readonly depth: number;
  run(self: unknown): unknown;
}

// `?.` and orValue let a rule speak of a field that is not always there.
const environment = new Environment({
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 500, maxDepth: 50, maxListElements: 100, maxMapEntries: 100 },
}).registerVariable('self', 'map');

function compileRule(rule: Rule, path: readonly (string | number)[]): CompiledRule {
  return {
    rule,
    when: compile(rule.when, 'bool', [...path, 'when']),
    message: rule.message === undefined ? null : compile(rule.message, 'string', [...path, 'message']),
  };
}

function compile(text: string, type: 'bool' | 'string', path: readonly (string | number)[]): Expression {
  const parsed = parse(text, path);
  const checked = parsed.check();
  if (!checked.valid) throw refusal(text, checked.error, path);
  if (checked.type !== type && checked.type !== 'dyn') {
    throw new BadInputError(
      `The CEL expression "${text}" is of type ${checked.type}; it must give ${type === 'bool' ? 'true or false' : 'a text'}.`,
      { path: [...path] },
    );
  }
  return { text, depth: loopDepth(parsed.ast, path), run: (self) => parsed({ self }) };
}

function parse(text: string, path: readonly (string | number)[]) {
  try {
    return environment.parse(text);
  } catch (error) {
    throw refusal(text, error, path);
  }
}

function refusal(text: string, error: unknown, path: readonly (string | number)[]): BadInputError {
  const message = `"${text}" is not a CEL expression that can be used here: ${reasonOf(error)}.`;
  return new BadInputError(message, { path: [...path] }, { cause: error });
}

/** The library's own message draws the expression over several lines; its summary is the sentence alone. */
function reasonOf(error: unknown): string {
  const { summary } = error as { readonly summary?: unknown };
  return typeof summary === 'string' ? summary : errorText(error);
}

const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** A regular expression may run for ever, and names for values double texts with every use. */
const refused: ReadonlySet<string> = new Set(['matches', 'bind']);
const DEEPEST_LOOP = 2;

/** Throws BadInputError for what has no bound on its cost. */
function loopDepth(root: ASTNode, path: readonly (string | number)[]): number {
  const visit = (node: unknown): number => {
    if (Array.isArray(node)) return Math.max(0, ...node.map(visit));
    if (!isNode(node)) return 0;
    if (node.op !== 'rcall') return visit(node.args);
    const [name, receiver, given] = node.args;
    if (refused.has(name)) {
      throw new BadInputError(
        `A health rule cannot use ${name}(), because its cost has no bound. Use startsWith, endsWith, contains or ==.`,
        { path: [...path] },
      );
    }
    return Math.max(visit(receiver), visit(given) + (loops.has(name) ? 1 : 0));
  };
  const depth = visit(root);
  if (depth <= DEEPEST_LOOP) return depth;
  throw new BadInputError(
    `A health rule has loops ${depth} deep in each other; at most ${DEEPEST_LOOP} are allowed. Split it into several rules.`,
    { path: [...path] },
  );
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function judge(object: RuledObject, rules: readonly CompiledRule[]): DeclaredVerdict {
  const { self, weight } = toCel(object);
  const run = (expression: Expression): unknown => {
    if (weight ** expression.depth > MOST_STEPS) throw new Error('the object is too large for it');
    return expression.run(self);
  };
  let asked: Expression | null = null;
  try {
    for (const { rule, when, message } of rules) {
      asked = when;
      const isTrue = run(when);
      if (typeof isTrue !== 'boolean') throw new Error(`it gave ${typeof isTrue} and not true or false`);
      if (!isTrue) continue;
      asked = message;
      return { ...words[rule.health], message: message ? saidBy(run(message)) : said(rule) };
    }
  } catch (error) {
    const text = asked ? ` "${asked.text}"` : '';
    return {
      health: 'Unknown',
      reason: 'Invalid',
      message: `Its health rule${text} failed: ${reasonOf(error)}.`,
    };
  }
  return { health: 'Progressing', reason: 'Progressing', message: 'None of its health rules is true yet.' };
}

const words = {
  Healthy: { health: 'Healthy', reason: 'Available' },
  Progressing: { health: 'Progressing', reason: 'Progressing' },
  Degraded: { health: 'Degraded', reason: 'ObjectFailed' },
  Suspended: { health: 'Suspended', reason: 'Suspended' },
} as const;

const said = ({ health, when }: Rule): string => (health === 'Healthy' ? '' : `Its health rule "${when}" is true.`);

/** Keeps a table readable. */
const LONGEST_MESSAGE = 1000;

function saidBy(value: unknown): string {
  const text = typeof value === 'bigint' || typeof value !== 'object' ? String(value) : 'Its message is not a text.';
  return text.slice(0, LONGEST_MESSAGE);
}

/** Keeps the worst rule over the worst object within tens of milliseconds. */
const MOST_STEPS = 2_000_000;
/** So many characters weigh as much as one value. */
const CHARACTERS_PER_STEP = 16;

/** Whole numbers are ints in CEL. Who manages which field is long, and no rule's business. */
function toCel(object: RuledObject): { readonly self: unknown; readonly weight: number } {
  let weight = 0;
  const convert = (value: unknown): unknown => {
    weight += 1;
    if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
    if (typeof value === 'string') weight += value.length / CHARACTERS_PER_STEP;
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item)]));
  };
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => key !== 'managedFields'));
  const self = convert({ ...object, metadata });
  return { self, weight };
}
