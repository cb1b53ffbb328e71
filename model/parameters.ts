import { isJsonObject, isSameJson, type Json, type JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';
import { didYouMean } from '../lib/nearest.js';
import { parseQuantity } from '../lib/quantity.js';
import type { AppParameter } from '../schema/kinds/app-parameter.js';

export interface ParametersCheck {
  readonly app: string;
  readonly parameters: readonly AppParameter[];
  /** What the instance gives, by name. */
  readonly given: JsonObject;
  /** The tier that it is in; null: in none. */
  readonly tier: string | null;
}

/**
 * Whether an app instance may have these parameters. Throws BadInputError that names the parameter, its rule, whose rule it
 * is and what is allowed; its path begins at `parameters`. What is an output of another resource is not known yet.
 */
export function checkParameters({ app, parameters, given, tier }: ParametersCheck): void {
  for (const name of Object.keys(given)) {
    if (parameters.some((each) => each.name === name)) continue;
    const known = parameters.map((each) => each.name);
    const list = known.length > 0 ? `It has: ${known.join(', ')}.` : 'It has none.';
    throw refusal(
      app,
      name,
      'unknown',
      known,
      `The app ${app} has no parameter ${name}${didYouMean(name, known)} ${list}`,
    );
  }
  for (const parameter of parameters) {
    const { name, required, setIn } = parameter;
    const value = given[name];
    if (value === undefined) {
      if (required !== true || parameter.default !== undefined) continue;
      throw refusal(app, name, 'required', null, `${title(app, name)} is missing: it is required, and has no default.`);
    }
    if (setIn && (tier === null || !setIn.includes(tier)) && !isSameJson(value, parameter.default)) {
      const where = tier === null ? 'an environment without a tier' : `tier ${tier}`;
      const only = setIn.length > 0 ? `only in ${setIn.join(', ')}` : 'nowhere';
      throw refusal(app, name, 'setIn', [...setIn], `${title(app, name)} is set in ${where}, and may be set ${only}.`);
    }
    if (!isOutput(value)) checkValue(app, parameter, value);
  }
}

/** Whether the declarations of an app make sense: each default must be allowed. Throws BadInputError. */
export function checkDeclarations(app: string, parameters: readonly AppParameter[]): void {
  for (const parameter of parameters) {
    checkPattern(app, parameter);
    if (parameter.type === 'enum' && parameter.values === undefined) {
      throw refusal(
        app,
        parameter.name,
        'values',
        null,
        `${title(app, parameter.name)} is an enum, and has no values.`,
      );
    }
    if (parameter.default !== undefined) checkValue(app, parameter, parameter.default as Json);
  }
}

const title = (app: string, name: string) => `The parameter ${name} of app ${app}`;

function refusal(app: string, name: string, rule: string, allowed: Json, sentence: string): BadInputError {
  return new BadInputError(sentence, { path: ['parameters', name], rule, owner: `App ${app}`, allowed });
}

/** `{ $output: { from, output } }`: the value comes when it is there. */
function isOutput(value: Json): boolean {
  return isJsonObject(value) && isJsonObject(value.$output);
}

function checkValue(app: string, parameter: AppParameter, value: Json): void {
  const { name, type, values, pattern } = parameter;
  const refuse = (rule: string, allowed: Json, words: string) =>
    refusal(app, name, rule, allowed, `${title(app, name)} is ${JSON.stringify(value)}, and ${words}.`);
  switch (type) {
    case 'string':
      if (typeof value !== 'string') throw refuse('type', 'string', 'must be a string');
      if (pattern !== undefined && !new RegExp(pattern).test(value)) {
        throw refuse('pattern', pattern, `must match ${pattern}`);
      }
      return;
    case 'bool':
      if (typeof value !== 'boolean') throw refuse('type', 'bool', 'must be true or false');
      return;
    case 'enum':
      if (typeof value !== 'string' || !(values ?? []).includes(value)) {
        throw refuse('values', [...(values ?? [])], `must be one of ${(values ?? []).join(', ')}`);
      }
      return;
    case 'int':
      if (!Number.isSafeInteger(value)) throw refuse('type', 'int', 'must be a whole number');
      checkLimits(parameter, value, refuse);
      return;
    case 'quantity':
      if (parseQuantity(value) === null) throw refuse('type', 'quantity', 'must be an amount such as 500m or 2Gi');
      checkLimits(parameter, value, refuse);
      return;
  }
}

function checkLimits(
  { minimum, maximum }: AppParameter,
  value: Json,
  refuse: (rule: string, allowed: Json, words: string) => BadInputError,
): void {
  const amount = parseQuantity(value) ?? 0;
  const least = parseQuantity(minimum);
  const most = parseQuantity(maximum);
  if (least !== null && amount < least) throw refuse('minimum', minimum as Json, `must be at least ${minimum}`);
  if (most !== null && amount > most) throw refuse('maximum', maximum as Json, `must be at most ${maximum}`);
}

function checkPattern(app: string, { name, pattern }: AppParameter): void {
  if (pattern === undefined) return;
  try {
    new RegExp(pattern);
  } catch (cause) {
    const error = refusal(app, name, 'pattern', null, `${title(app, name)} has no valid pattern: ${pattern}.`);
    throw new BadInputError(error.message, error.details, { cause });
  }
}
