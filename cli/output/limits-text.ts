import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';

/** One thing that an instance may or may not choose, as a line of a table. */
export interface Limit {
  readonly name: string;
  /** What holds where an instance says nothing. */
  readonly usual: string;
  readonly allowed: string;
}

/** What a definition gives to its instances and lets them choose: its parameters by name. */
export function limitsOfDefinition(spec: JsonObject): readonly Limit[] {
  const defaults = objectOf(spec.defaults);
  const guardrails = objectOf(spec.guardrails);
  const open = Array.isArray(guardrails.open) ? guardrails.open.map(String) : null;
  const rules = [
    ...rulesOf(guardrails.allowed, ({ values }) => `one of ${listText(values)}`),
    ...rulesOf(guardrails.minima, ({ minimum }) => `at least ${textOf(minimum)}`),
    ...rulesOf(guardrails.maxima, ({ maximum }) => `at most ${textOf(maximum)}`),
  ];
  const names = [...new Set([...Object.keys(defaults), ...(open ?? []), ...rules.map(({ path }) => path)])].sort();
  return names.map((name) => {
    const isOpen = open === null || open.includes(name);
    const said = rules.filter(({ path }) => path === name).map(({ text }) => text);
    return {
      name,
      usual: name in defaults ? textOf(defaults[name]) : '',
      allowed: isOpen ? said.join(', ') || 'anything' : 'only what the definition says',
    };
  });
}

/** Where instances of a definition may be: a sentence for each rule. */
export function placesOfDefinition(spec: JsonObject): readonly string[] {
  const { tiers, locations } = objectOf(spec.guardrails);
  return [
    ...(Array.isArray(tiers) ? [`Only in the tiers ${listText(tiers)}.`] : []),
    ...(Array.isArray(locations) ? [`Only in ${listText(locations)}.`] : []),
  ];
}

/** The parameters of an app, and what each may be. */
export function limitsOfApp(spec: JsonObject): readonly Limit[] {
  const parameters = Array.isArray(spec.parameters) ? spec.parameters.filter((item: Json) => isJsonObject(item)) : [];
  return parameters.map((parameter) => {
    const { name, type, values, pattern, minimum, maximum, required, setIn } = parameter as JsonObject;
    const rules = [
      Array.isArray(values) ? `one of ${listText(values)}` : textOf(type),
      ...(pattern === undefined ? [] : [`like ${textOf(pattern)}`]),
      ...(minimum === undefined ? [] : [`at least ${textOf(minimum)}`]),
      ...(maximum === undefined ? [] : [`at most ${textOf(maximum)}`]),
      ...(required === true ? ['needed'] : []),
      ...(Array.isArray(setIn) ? [`only in the tiers ${listText(setIn)}`] : []),
    ];
    const usual = (parameter as JsonObject).default;
    return { name: textOf(name), usual: usual === undefined ? '' : textOf(usual), allowed: rules.join(', ') };
  });
}

function rulesOf(
  rules: Json | undefined,
  say: (rule: JsonObject) => string,
): readonly { readonly path: string; readonly text: string }[] {
  const all = Array.isArray(rules) ? rules.filter((rule: Json) => isJsonObject(rule)) : [];
  return all.map((rule) => ({ path: textOf((rule as JsonObject).path), text: say(rule as JsonObject) }));
}

const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
const listText = (values: Json | undefined): string => (Array.isArray(values) ? values.map(textOf).join(', ') : '');
