import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';
import type { KindDefinition } from '../lib/kind.js';
import { didYouMean } from '../lib/nearest.js';
import { checkGuardrails, guardrailsOf } from './guardrails.js';

/** What a definition of that kind can say of those that it defines: the names of its parameters. */
export function parametersOf(definitionKind: KindDefinition): readonly string[] {
  const defaults: unknown = definitionKind.spec.properties.defaults;
  return isJsonObject(defaults) && isJsonObject(defaults.properties) ? Object.keys(defaults.properties) : [];
}

/**
 * A rule about what is no parameter would hold for nothing, and a default that its own rules forbid would be everybody's
 * error but its author's. Throws BadInputError, with its path from the root of the spec.
 */
export function checkDefinition(kind: KindDefinition, name: string, spec: JsonObject): void {
  const guardrails = guardrailsOf(spec);
  const parameters = parametersOf(kind);
  const paths = [
    ...(guardrails.open ?? []).map((path, index) => ({ path, at: ['open', index] })),
    ...(['allowed', 'maxima', 'minima'] as const).flatMap((rule) =>
      (guardrails[rule] ?? []).map(({ path }, index) => ({ path, at: [rule, index, 'path'] })),
    ),
  ];
  for (const { path, at } of paths) {
    if (parameters.includes(path.split('.')[0] ?? '')) continue;
    throw new BadInputError(
      `A guardrail of ${kind.name} ${name} is about ${path}, which is no parameter${didYouMean(path, parameters)}`,
      { path: ['guardrails', ...at] },
    );
  }
  for (const { defaults, at } of allDefaults(spec)) {
    const [violation] = checkGuardrails(guardrails, { spec: defaults, managers: {}, parameters, tier: undefined });
    if (!violation) continue;
    throw new BadInputError(
      `${kind.name} ${name} forbids what it says itself: ${violation.sentence}. Change the default or the guardrail.`,
      { path: [...at, ...violation.path.split('.')] },
    );
  }
}

/** In general, and as they are for each tier. */
function allDefaults(spec: JsonObject) {
  const general = isJsonObject(spec.defaults) ? spec.defaults : {};
  const tiers: readonly Json[] = Array.isArray(spec.tiers) ? spec.tiers : [];
  const ofTiers = tiers.flatMap((item, index) =>
    isJsonObject(item) && isJsonObject(item.defaults)
      ? [{ defaults: { ...general, ...item.defaults }, at: ['tiers', index, 'defaults'] }]
      : [],
  );
  return [{ defaults: general, at: ['defaults'] as readonly (string | number)[] }, ...ofTiers];
}
