import { isJsonObject, isSameJson, type Json, type JsonObject } from '../lib/canonical.js';
import { parseQuantity } from '../lib/quantity.js';
import type { Guardrails } from '../schema/kinds/guardrails.js';
import { isLayer } from './layer-name.js';
import { valueAtPath } from './layers/fill-layers.js';
import type { Managers } from './resource.js';

export interface GuardedSpec {
  readonly spec: JsonObject;
  readonly managers: Managers;
  /** What a definition can say of it; all else is its own. */
  readonly parameters: readonly string[];
  /** The tier that it is in; null: its environment is in none; undefined: it is in no environment. */
  readonly tier: string | null | undefined;
}

/** What a rule does not allow. */
export interface Violation {
  /** Of the field, dotted; empty: the resource as a whole. */
  readonly path: string;
  /** Which of the guardrails: `maxima`. */
  readonly rule: keyof Guardrails;
  /** Where the rule stands in them, as managers name places: `maxima[storageGb]`. */
  readonly at: string;
  readonly allowed: Json;
  /** `storageGb is 500, and at most 100 is allowed`. */
  readonly sentence: string;
}

/** All that the guardrails do not allow, in the order in which they are written. */
export function checkGuardrails(guardrails: Guardrails, guarded: GuardedSpec): readonly Violation[] {
  return [
    ...closedFields(guardrails, guarded),
    ...notAllowed(guardrails, guarded),
    ...beyond(guardrails, guarded),
    ...elsewhere(guardrails, guarded),
  ];
}

/** Only what is open may be set by an instance, be it by a person or by the app that brings it. */
function closedFields({ open }: Guardrails, { managers, parameters }: GuardedSpec): readonly Violation[] {
  if (open === undefined) return [];
  const isBelow = (path: string, above: string) =>
    path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
  const closed = Object.entries(managers)
    .filter(([, manager]) => isOfInstance(manager))
    .map(([path]) => path)
    .filter((path) => parameters.some((each) => isBelow(path, each)) && !open.some((each) => isBelow(path, each)));
  const allowed = open.length > 0 ? `only ${open.join(', ')} may be` : 'nothing may be';
  return closed.map((path) => ({
    path,
    rule: 'open',
    at: 'open',
    allowed: [...open],
    sentence: `${path} is set, and ${allowed}`,
  }));
}

/** A person, or the app that brings it. What other layers fill is no choice of the instance. */
function isOfInstance(manager: string): boolean {
  return !isLayer(manager) || manager.startsWith('layer:release/') || manager === 'layer:instance';
}

function notAllowed({ allowed = [] }: Guardrails, { spec }: GuardedSpec): readonly Violation[] {
  return allowed.flatMap(({ path, values }): Violation[] => {
    const value = valueAtPath(spec, path);
    if (value === undefined || values.some((each) => isSameJson(each, value))) return [];
    const words = values.map(textOf).join(', ');
    return [
      {
        path,
        rule: 'allowed',
        at: `allowed[${path}]`,
        allowed: values as Json[],
        sentence: `${path} is ${textOf(value)}, and ${values.length === 1 ? 'only ' : 'one of '}${words} is allowed`,
      },
    ];
  });
}

function beyond({ maxima = [], minima = [] }: Guardrails, { spec }: GuardedSpec): readonly Violation[] {
  const limits = [
    ...maxima.map(({ path, maximum }) => ({ path, rule: 'maxima' as const, limit: maximum, words: 'at most' })),
    ...minima.map(({ path, minimum }) => ({ path, rule: 'minima' as const, limit: minimum, words: 'at least' })),
  ];
  return limits.flatMap(({ path, rule, limit, words }): Violation[] => {
    const value = valueAtPath(spec, path);
    const amount = parseQuantity(value);
    if (value === undefined || amount === null) return [];
    const isWithin = rule === 'maxima' ? amount <= limit : amount >= limit;
    if (isWithin) return [];
    const allowed = rule === 'maxima' ? { maximum: limit } : { minimum: limit };
    return [
      {
        path,
        rule,
        at: `${rule}[${path}]`,
        allowed,
        sentence: `${path} is ${textOf(value)}, and ${words} ${limit} is allowed`,
      },
    ];
  });
}

function elsewhere({ tiers, locations }: Guardrails, { spec, tier }: GuardedSpec): readonly Violation[] {
  const found: Violation[] = [];
  if (tiers && tier !== undefined && (tier === null || !tiers.includes(tier))) {
    const where = tier === null ? 'its environment is in no tier' : `its environment is in tier ${tier}`;
    const sentence = `${where}, and only ${tiers.join(', ')} ${tiers.length === 1 ? 'is' : 'are'} allowed`;
    found.push({ path: '', rule: 'tiers', at: 'tiers', allowed: [...tiers], sentence });
  }
  const { location } = spec;
  if (locations && typeof location === 'string' && !locations.includes(location)) {
    const sentence = `location is ${location}, and only ${locations.join(', ')} ${locations.length === 1 ? 'is' : 'are'} allowed`;
    found.push({ path: 'location', rule: 'locations', at: 'locations', allowed: [...locations], sentence });
  }
  return found;
}

/** The guardrails of a definition; none: everything is allowed. */
export function guardrailsOf(definition: JsonObject): Guardrails {
  return isJsonObject(definition.guardrails) ? (definition.guardrails as Guardrails) : {};
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What a tier does not allow: definitions of a kind that it does not list, and none at all. */
export function checkAllowedDefinitions(
  tier: JsonObject,
  kind: string,
  definition: string | null,
): Omit<Violation, 'rule'> | null {
  const lists = Array.isArray(tier.allowedDefinitions) ? tier.allowedDefinitions : [];
  const index = lists.findIndex((item: Json) => isJsonObject(item) && item.kind === kind);
  const listed = lists[index];
  if (!isJsonObject(listed) || !Array.isArray(listed.definitions)) return null;
  const allowed: readonly Json[] = listed.definitions;
  if (definition !== null && allowed.includes(definition)) return null;
  const only =
    allowed.length === 0
      ? 'none is allowed'
      : `only ${allowed.join(', ')} ${allowed.length === 1 ? 'is' : 'are'} allowed`;
  return {
    path: 'definition',
    at: `allowedDefinitions[${index}]`,
    allowed,
    sentence: definition === null ? `it names no definition, and ${only}` : `definition is ${definition}, and ${only}`,
  };
}
